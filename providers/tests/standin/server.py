"""The stand-in as an HTTP server on a thread: answers, faults, and a log of what was asked when."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson

from providers.tests.standin.answers import Answers, Said
from providers.tests.standin.faults import Fault, FaultKind, Faults
from providers.tests.standin.records import Records, records_builtin

CONTROL = "/_stand_in"
GARBAGE = b"<html><body>Sorry, something went \xff\xfe wrong {"
_LONGEST_LOG = 200_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came: `at` in seconds of the epoch, `path` with its query, `status` that it got (0: none)."""

    at: float
    method: str
    path: str
    status: int
    is_conditional: bool


class StandIn:
    """A running stand-in. `address` is its own ("http://127.0.0.1:8899"); services live below it: see `base_urls`."""

    def __init__(
        self, records: Records, *, port: int = 0, recorded: Path | None = None, has_covers: bool = False
    ) -> None:
        self.records = records
        self.faults = Faults()
        self.log: deque[Asked] = deque(maxlen=_LONGEST_LOG)
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.stand_in = self
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.answers = Answers(records, recorded=recorded, origin=self.address if has_covers else "")

    @property
    def base_urls(self) -> dict[str, str]:
        """{client: the base address that makes it ask here}."""
        return {
            "jikan": f"{self.address}/v4",
            "anilist": f"{self.address}/graphql",
            "kitsu": f"{self.address}/api/edge",
            "shikimori": f"{self.address}/api",
        }

    def fault(self, kind: FaultKind | str, path: str = "*", **options: Any) -> None:
        """From now on (or for `times` requests) this goes wrong with paths that match."""
        self.faults.add(Fault(FaultKind(kind), path, **options))

    def heal(self) -> None:
        """No fault any more."""
        self.faults.clear()

    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [asked.path for asked in self.log]

    def serve(self) -> None:
        """Answer until `close`."""
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        """Stop, and refuse connections from now on."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def standing_in(records: Records | None = None, **options: Any) -> Iterator[StandIn]:
    """A stand-in on a thread of its own, with the invented records unless others are given."""
    stand_in = StandIn(records or records_builtin(), **options)
    thread = threading.Thread(target=stand_in.serve, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.close()
        thread.join()


class _Server(ThreadingHTTPServer):
    stand_in: StandIn
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith(CONTROL):
            self._control()
        else:
            self._answer(lambda: self.server.stand_in.answers.get(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith(CONTROL):
            self._control(body)
        else:
            self._answer(lambda: self.server.stand_in.answers.graphql(body))

    def _answer(self, made: Any) -> None:
        stand_in = self.server.stand_in
        fault = stand_in.faults.next_for(self.path)
        if fault is not None and fault.kind == FaultKind.SLOW:
            time.sleep(fault.seconds)
            fault = None
        said = _faulty(made(), fault)
        is_known = said is not None and said.status == 200 and said.etag == self.headers.get("If-None-Match")
        status = 0 if said is None else 304 if is_known else said.status
        is_conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        stand_in.log.append(Asked(time.time(), self.command, self.path, status, is_conditional))
        if said is None:
            self.close_connection = True
        elif fault is not None and fault.kind in (FaultKind.DRIP, FaultKind.ENDLESS):
            with suppress(OSError):
                self._send_slowly(said, fault)
        else:
            self._send(said, status, is_cut=fault is not None and fault.kind == FaultKind.CUT)

    def _send_slowly(self, said: Said, fault: Fault) -> None:
        """Until the other side has had enough."""
        self.close_connection = True
        self.send_response(200)
        self.end_headers()
        for byte in said.body if fault.kind == FaultKind.DRIP else ():
            self.wfile.write(bytes([byte]))
            time.sleep(fault.seconds)
        while fault.kind == FaultKind.ENDLESS:
            self.wfile.write(b" " * 65_536)

    def _send(self, said: Said, status: int, *, is_cut: bool = False) -> None:
        body = b"" if status == 304 else said.body
        self.send_response(status)
        self.send_header("Content-Type", said.content_type)
        if said.status == 200:
            self.send_header("ETag", said.etag)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) * 2 if is_cut else len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.close_connection or is_cut

    def _control(self, body: bytes = b"") -> None:
        """POST a fault as JSON, or nothing to heal; GET the log. For a stand-in that is a process of its own."""
        stand_in = self.server.stand_in
        if self.command == "POST" and body.strip():
            stand_in.fault(**orjson.loads(body))
        elif self.command == "POST":
            stand_in.heal()
        self._send(Said(200, orjson.dumps([[asked.at, asked.path, asked.status] for asked in stand_in.log])), 200)

    def log_message(self, *given: Any) -> None:
        """Nothing: the log is kept."""


def _faulty(said: Said, fault: Fault | None) -> Said | None:
    """The answer as the fault leaves it; None when the connection is to be closed without one."""
    if fault is None or fault.kind in (FaultKind.CUT, FaultKind.DRIP, FaultKind.ENDLESS):
        return said
    after = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    match fault.kind:
        case FaultKind.DOWN:
            return None
        case FaultKind.ERROR:
            return Said(fault.status, b'{"status":500,"type":"UpstreamException"}', headers=after)
        case FaultKind.STORM:
            return Said(429, b'{"status":429,"type":"RateLimitException"}', headers=after)
        case FaultKind.GARBAGE:
            return Said(200, GARBAGE, "text/html")
        case FaultKind.CUT_JSON:
            return Said(200, said.body[: len(said.body) // 2])
        case FaultKind.WRONG_ID:
            return Said(said.status, _of_another(said.body))
    raise AssertionError(fault.kind)


def _of_another(body: bytes) -> bytes:
    """The same answer under another id, wherever this service puts its id."""
    read = orjson.loads(body)
    found = read.get("data", read)
    found = found.get("Media", found)
    for name in ("mal_id", "id", "idMal"):
        if name in found:
            found[name] = type(found[name])(int(found[name]) + 7)
    return orjson.dumps(read)
