"""The users of the shop, in PostgreSQL: an HTTP service in Python with nothing but the standard library and a driver.
Everything that it must know is in its environment: PORT, DATABASE_URL and OpenTelemetry's variables."""

import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue

import psycopg2
import tracing

TABLE = """CREATE TABLE IF NOT EXISTS users (
    id integer PRIMARY KEY, name text NOT NULL, salt text NOT NULL, password text NOT NULL, seen integer NOT NULL)"""
REGISTER = """INSERT INTO users VALUES (%s, %s, %s, %s, 1)
    ON CONFLICT (id) DO UPDATE SET seen = users.seen + 1"""

idle = SimpleQueue()  # Connections to the database that nobody uses at the moment.


class Database:
    """A connection for the time of one request, and a span for what is asked over it."""

    def __init__(self, trace):
        self.trace = trace

    def __enter__(self):
        try:
            self.connection = idle.get_nowait()
        except Empty:
            self.connection = psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=2)
            self.connection.autocommit = True
        return self

    def ask(self, statement, *values):
        began = time.time_ns()
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            rows = cursor.fetchall() if cursor.description else []
        tracing.client(self.trace, statement.split()[0], began, to="accounts-db")
        return rows

    def __exit__(self, error, *_):
        if error is None:
            idle.put(self.connection)
        else:
            self.connection.close()


def scramble(password, salt):
    """Deliberately slow, so that stolen passwords are hard to guess; a shop would let it take longer."""
    return hashlib.pbkdf2_hmac("sha256", password.encode(), bytes.fromhex(salt), 1000).hex()


def register(user, database):
    salt = os.urandom(8).hex()
    database.ask(REGISTER, user, f"user {user}", salt, scramble(f"password {user}", salt))
    return {}


def check(user, database):
    rows = database.ask("SELECT salt, password FROM users WHERE id = %s", user)
    if not rows or not hmac.compare_digest(scramble(f"password {user}", rows[0][0]), rows[0][1]):
        return None
    return {}


def profile(user, database):
    rows = database.ask("SELECT name, seen FROM users WHERE id = %s", user)
    return {"name": rows[0][0], "logins": rows[0][1]} if rows else None


OPERATIONS = {
    ("POST", "/accounts/register"): register,
    ("GET", "/accounts/check"): check,
    ("GET", "/accounts/profile"): profile,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self):
        began, trace = time.time_ns(), tracing.received(self.headers)
        self.rfile.read(int(self.headers.get("content-length") or 0))
        operation = OPERATIONS.get((self.command, self.path))
        if operation:
            try:
                with Database(trace) as database:
                    result = operation(int(self.headers.get("brownout-user") or 0), database)
                status = 200 if result is not None else 403
            except psycopg2.Error as error:
                status, result = 503, {"error": f"no database: {error}".strip()}
        else:
            status, result = 404, {"error": f"accounts does not know {self.command} {self.path}"}
        body = json.dumps(result or {}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        tracing.server(trace, self.path.strip("/").replace("/", "."), began, status)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass  # A line for each request would hide the lines that matter.


with Database(None) as database:
    database.ask(TABLE)
ThreadingHTTPServer.request_queue_size = 128
server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
print("accounts: the table is there, taking requests")
server.serve_forever()
