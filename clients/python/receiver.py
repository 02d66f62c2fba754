"""A webhook receiver on loopback: remembers every request whole, and answers as it is told to.

A path can be told to refuse each message once (`refuse_once`) or to hold its answers back until released (`hold`).
"""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WAIT_SECONDS = 30


@dataclass(frozen=True)
class Delivery:
    """One request as it came: `at` counts arrivals over all paths, `headers` has lower-case names."""

    at: int
    method: str
    path: str
    headers: dict
    body: bytes


@dataclass
class Receiver:
    deliveries: list = field(default_factory=list)
    refusals: dict = field(default_factory=dict)
    held: dict = field(default_factory=dict)

    def __post_init__(self):
        self._arrived = threading.Condition()
        self._seen = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def refuse_once(self, path, status, **headers):
        """The first request of each message to `path` is answered with `status`, the next ones with 200."""
        self.refusals[path] = (status, headers)

    def hold(self, path):
        """Answers to `path` wait until the event that this returns is set."""
        return self.held.setdefault(path, threading.Event())

    def at(self, path):
        with self._arrived:
            return [delivery for delivery in self.deliveries if delivery.path == path]

    def wait(self, path, count, wanted=lambda delivery: True):
        """The `wanted` deliveries to `path` once there are `count`, or what there is when that takes too long."""

        def those():
            return [delivery for delivery in self.deliveries if delivery.path == path and wanted(delivery)]

        with self._arrived:
            self._arrived.wait_for(lambda: len(those()) >= count, WAIT_SECONDS)
            return those()

    def answer(self, method, path, headers, body):
        """Remembers a request and says how to answer it."""
        with self._arrived:
            self.deliveries.append(Delivery(len(self.deliveries), method, path, headers, body))
            message = (path, headers.get("webhook-id"))
            first = message not in self._seen
            self._seen.add(message)
            self._arrived.notify_all()
        if path in self.held:
            self.held[path].wait(WAIT_SECONDS)
        return self.refusals.get(path, (200, {})) if first else (200, {})


def _handler(receiver):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, extra = receiver.answer(self.command, self.path, headers, body)
            self.send_response(status)
            for name, value in {"Content-Length": "0", **extra}.items():
                self.send_header(name, value)
            self.end_headers()

        do_GET = do_PUT = do_HEAD = do_POST

        def log_message(self, *_):
            pass

    return Handler
