"""Speaks with a database through psycopg2, as an ordinary program does. Takes the port; says that it is content."""

import sys

import psycopg2
import psycopg2.errorcodes
import psycopg2.extras


def connect():
    return psycopg2.connect(host="127.0.0.1", port=sys.argv[1], user="app", dbname="app")


with connect() as connection, connection.cursor() as cursor:
    cursor.execute(
        "CREATE TABLE people (id serial PRIMARY KEY, name varchar(40) NOT NULL, age integer, seen timestamptz "
        "DEFAULT now(), face bytea, active boolean NOT NULL DEFAULT true)"
    )
    people = [("Ada", 36, b"\x00\xff'"), ("Grace", None, None)]
    for person in people:
        cursor.execute("INSERT INTO people (name, age, face) VALUES (%s, %s, %s) RETURNING id", person)
        assert cursor.fetchone()[0] > 0
    psycopg2.extras.execute_values(cursor, "INSERT INTO people (name, active) VALUES %s", [("Joan", False), ("Barbara", True)])

with connect() as connection, connection.cursor() as cursor:
    cursor.execute("SELECT name, age, face, active, seen FROM people WHERE age IS NOT NULL")
    (name, age, face, active, seen) = cursor.fetchone()
    assert (name, age, bytes(face), active) == ("Ada", 36, b"\x00\xff'", True), (name, age, face, active)
    assert seen.tzinfo is not None
    cursor.execute("SELECT count(*), min(name) FROM people WHERE active")
    assert cursor.fetchone() == (3, "Ada")

connection = connect()
cursor = connection.cursor()
cursor.execute("UPDATE people SET age = 1")
assert cursor.rowcount == 4
connection.rollback()
try:
    cursor.execute("INSERT INTO people (id, name) VALUES (1, 'Nobody')")
    raise AssertionError("a second row of one key")
except psycopg2.IntegrityError as error:
    assert error.pgcode == psycopg2.errorcodes.UNIQUE_VIOLATION, error.pgcode
try:
    cursor.execute("SELECT 1")
    raise AssertionError("a failed transaction went on")
except psycopg2.errors.InFailedSqlTransaction:
    connection.rollback()
cursor.execute("SELECT age FROM people WHERE name = %s", ("Ada",))
assert cursor.fetchone() == (36,)
print("is content")
