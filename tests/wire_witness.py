"""An independent witness: it reads every byte that goes over loopback, and counts from the users' own requests and the
answers to them, as they were on the wire, how many users were hurt and how many items were lost. It shares no code with
the program and asks it nothing. Linux only; needs the right to capture packets.
"""

import collections
import json
import socket
import struct
import threading
import tomllib

ETH_P_IP = 0x0800
PACKET_OUTGOING = 4
SOL_PACKET, PACKET_STATISTICS = 263, 6
BUFFER = 16 * 1024 * 1024


class Missed(Exception):
    """Not everything that went over the wire was seen."""


class Capture:
    """All TCP segments on loopback while its block lasts."""

    def __init__(self):
        self.flows = collections.defaultdict(list)
        # When each end closed its direction first: the number of the packet, by ports.
        self.closed = {}
        self.dropped = 0
        self._ends = threading.Event()
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
        self._socket.bind(("lo", ETH_P_IP))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self._socket.settimeout(0.2)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ends.set()
        self._thread.join()
        _, self.dropped = struct.unpack("II", self._socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        self._socket.close()

    def _read(self):
        number = 0
        while True:
            try:
                packet, address = self._socket.recvfrom(1 << 17)
            except socket.timeout:
                if self._ends.is_set():
                    return
                continue
            # On loopback each packet passes twice: as it leaves and as it comes.
            if address[2] == PACKET_OUTGOING or packet[9] != socket.IPPROTO_TCP:
                continue
            number += 1
            self._take(number, packet)

    def _take(self, number, packet):
        header = (packet[0] & 15) * 4
        total = struct.unpack_from("!H", packet, 2)[0] or len(packet)
        source, target, sequence = struct.unpack_from("!HHI", packet, header)
        payload = packet[header + (packet[header + 12] >> 4) * 4 : total]
        starts = packet[header + 13] & 2
        if packet[header + 13] & 5:
            self.closed.setdefault((source, target), number)
        if payload or starts:
            self.flows[source, target].append((number, sequence, starts, payload))

    def conversations(self):
        """What was asked and what was answered on each connection that carries requests of a run, each as a list of
        (number of the packet, bytes) in the order of the stream, and the number of the packet by which the asking end
        closed it, if it did so first. Raises Missed."""
        if self.dropped:
            raise Missed(f"{self.dropped} packets went by unread")
        for (source, target), packets in list(self.flows.items()):
            if any(b"brownout-hop:" in payload.lower() for *_, payload in packets[:2]):
                closed, closed_by_other = self.closed.get((source, target)), self.closed.get((target, source))
                if closed and closed_by_other and closed_by_other < closed:
                    closed = None
                yield stream(packets), stream(self.flows.get((target, source), [])), closed


def stream(packets):
    """The bytes of one direction, each once and in their order, cut at packets. A port used again makes a new stream,
    which for what is counted here is the same as a longer one."""
    whole, base, seen = [], None, 0
    for number, sequence, starts, payload in packets:
        if starts:
            base, seen = (sequence + 1) & 0xFFFFFFFF, 0
            continue
        if base is None:
            base = sequence
        at = (sequence - base) & 0xFFFFFFFF
        # What was sent again begins before what was seen.
        new = payload[max(0, seen - at) :] if at <= seen else None
        if new is None:
            raise Missed("packets are missing or out of order")
        if new:
            whole.append((number, new))
            seen += len(new)
    return whole


def messages(parts):
    """The HTTP/1.1 messages in a stream: (number of the packet in which it begins, first line, headers, body)."""
    text = b"".join(part for _, part in parts)
    numbers, at = [], 0
    for number, part in parts:
        numbers.append((at, number))
        at += len(part)
    found, begin = [], 0
    while (end := text.find(b"\r\n\r\n", begin)) >= 0:
        first, *lines = text[begin:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        rest = end + 4
        if headers.get("transfer-encoding") == "chunked":
            body, rest = chunks(text, rest)
        else:
            length = int(headers.get("content-length", 0))
            body = text[rest : rest + length]
            rest = rest + length if len(body) == length else None
        if rest is None:
            break
        number = max(number for at, number in numbers if at <= begin)
        found.append((number, first, headers, body))
        begin = rest
    return found


def chunks(text, begin):
    """A body in chunks and where it ends; nowhere if it does not."""
    body = b""
    while (end := text.find(b"\r\n", begin)) >= 0:
        size = int(text[begin:end].split(b";")[0], 16)
        body += text[end + 2 : end + 2 + size]
        begin = end + 2 + size + 2
        if size == 0:
            return body, begin if begin <= len(text) else None
    return body, None


def testify(capture, preset_text):
    """What the witness saw: users hurt, items lost, requests, and of these those not answered with 2xx. Raises Missed."""
    preset = tomllib.loads(preset_text)
    users = [node["id"] for node in preset["node"] if node["role"] == "users"]
    # What an operation does to a session, by its path.
    does = {
        f"/{module['name']}/{operation['name']}": {step.get("session") for step in operation["steps"]}
        for module in preset["module"]
        for operation in module["operation"]
    }
    exchanges = []
    given_up = []
    for sent, answered, closed in capture.conversations():
        requests, answers = messages(sent), messages(answered)
        for index, request in enumerate(requests):
            life = request[2].get("brownout-hop", "").split(" ")[-1]
            if life.split(".")[0] in users:
                exchanges.append((request, answers[index] if index < len(answers) else None))
                if closed and index + 1 == len(requests):
                    given_up.append((len(exchanges) - 1, closed))
    # Who closes a connection and asks again over another has given up waiting: an answer on the way was never read.
    last = {}
    for request, _ in exchanges:
        user = request[2]["brownout-user"]
        last[user] = max(last.get(user, 0), request[0])
    for index, closed in given_up:
        request, _ = exchanges[index]
        if last[request[2]["brownout-user"]] > closed:
            exchanges[index] = (request, None)
    exchanges.sort(key=lambda exchange: exchange[0][0])
    return count(exchanges, does)


def count(exchanges, does):
    """Counts as each user would who keeps a list of what was acknowledged. Items of a cart that was to be emptied, by a
    request whose answer tells nothing, may be gone or not: until they are seen again they cannot be lost."""
    has, doubtful, hurt, lost, failed = {}, {}, set(), 0, 0
    for (_, line, headers, body), answer in exchanges:
        user = headers["brownout-user"]
        deeds = does.get(line.split(" ")[1].split("?")[0], set())
        status = answer[1].split(" ")[1] if answer else "none"
        if not status.startswith("2"):
            failed += 1
            if status == "401" and user in has:
                lost += len(has.pop(user))
                hurt.add(user)
            elif deeds & {"clear", "end"} and user in has:
                doubtful.setdefault(user, set()).update(has[user])
                has[user] = set()
            continue
        told = json.loads(answer[3] or b"{}")
        if "create" in deeds:
            has[user], doubtful[user] = set(), set()
        kept = has.setdefault(user, set())
        if "append" in deeds:
            kept.add(json.loads(body)["item"])
        if (items := told.get("items")) is not None:
            kept |= doubtful.pop(user, set()) & set(items)
            if missing := kept - set(items):
                lost += len(missing)
                hurt.add(user)
                kept -= missing
        if "clear" in deeds:
            kept.clear()
        if "end" in deeds:
            del has[user]
    return {"hurt": len(hurt), "items": lost, "requests": len(exchanges), "failed": failed}
