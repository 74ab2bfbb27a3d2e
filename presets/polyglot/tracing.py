"""OpenTelemetry by hand: reads `traceparent`, and reports spans as OTLP/JSON. Any SDK of OpenTelemetry does the same
with the same environment variables; this is here so that nothing has to be installed, and to show how little it is.
"""

import json
import os
import queue
import threading
import time
import urllib.request

ENDPOINT = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
waiting = queue.Queue(maxsize=2000)  # What does not fit is lost: a request never waits for its span.


class Trace:
    def __init__(self, trace, parent):
        self.trace, self.parent, self.span = trace, parent, os.urandom(8).hex()


def received(headers):
    """The trace of a request, if somebody wants its spans."""
    parts = (headers.get("traceparent") or "").split("-")
    if len(parts) != 4 or not int(parts[3], 16) & 1:
        return None
    return Trace(parts[1], parts[2])


def server(trace, name, began, status):
    """A request was answered."""
    if trace:
        report(trace, trace.span, trace.parent, name, 2, began, {"http.response.status_code": {"intValue": status}})


def client(trace, name, began, to):
    """This program asked another node."""
    if trace:
        report(trace, os.urandom(8).hex(), trace.span, name, 3, began, {"peer.service": {"stringValue": to}})


def report(trace, span, parent, name, kind, began, attributes):
    span = {
        "traceId": trace.trace, "spanId": span, "parentSpanId": parent, "name": name, "kind": kind, "flags": 1,
        "startTimeUnixNano": str(began), "endTimeUnixNano": str(time.time_ns()),
        "attributes": [{"key": key, "value": value} for key, value in attributes.items()],
    }
    try:
        waiting.put_nowait(span)
    except queue.Full:
        pass


def send():
    """Sends what waits, together."""
    name = {"key": "service.name", "value": {"stringValue": os.environ.get("OTEL_SERVICE_NAME", "")}}
    while True:
        spans = [waiting.get()]
        while not waiting.empty() and len(spans) < 200:
            spans.append(waiting.get())
        resource = {"resource": {"attributes": [name]}, "scopeSpans": [{"spans": spans}]}
        request = urllib.request.Request(
            ENDPOINT + "/v1/traces", json.dumps({"resourceSpans": [resource]}).encode(),
            {"content-type": "application/json"},
        )
        try:
            urllib.request.urlopen(request, timeout=2).close()
        except OSError as error:
            print(f"spans were not taken: {error}")


if ENDPOINT:
    threading.Thread(target=send, daemon=True).start()
