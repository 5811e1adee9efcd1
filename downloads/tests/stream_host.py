"""A local host of streams that is slow, breaks, cuts off, lies and forgets on demand, and counts what it is asked for.

`with StreamHost({"hls": folder}) as host: host.url("hls/master.m3u8", latency=50, fail=1)`. Faults stand in the first part of the path
(`/~latency=50;fail=1/hls/…`), so the relative addresses of a playlist keep them. As a program, for people and benchmarks:
`python -m downloads.tests.stream_host --port 8099 --faults "latency=50" made=/tmp/made` ("hls" is the real data of HIROBA_DATA).
"""

import argparse
import json
import os
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

KINDS = {
    "m3u8": "application/vnd.apple.mpegurl",
    "ts": "video/mp2t",
    "mp4": "video/mp4",
    "m4s": "video/iso.segment",
    "vtt": "text/vtt",
    "aac": "audio/aac",
}
FAULTS = """
latency=MS        before every answer
rate=BYTES        a second, on each connection
fail=N            the first N requests of every file: 500
failing=PERCENT   of all requests: 500
cut=N             the first N answers of every file end in the middle
busy=N            the first N requests of every file: 429 with Retry-After: 1
html=N            the first N answers of every file are a page that says "error", with 200
stall=N           the first N answers of every file stop in the middle and the connection stays
expire=SECONDS    after the first request: 403
forbid=N          403 for all after N requests
miss=TEXT         404 for files with this in their name
only=TEXT         faults touch files with this in their name; else all but playlists
ranges=0          `Range` is not understood
etag=TEXT         the validator, instead of one made of size and time; 0 for none
close=1           one request a connection
id=TEXT           counts apart from others with the same faults
"""


class Faults(dict[str, str]):
    """What the first part of a path asks for (see `FAULTS`), and what was counted under it."""

    def __init__(self, text: str) -> None:
        super().__init__(part.partition("=")[::2] for part in text.split(";") if part)
        self.asked: Counter[str] = Counter()
        self.first_at: float | None = None

    def number(self, name: str) -> float:
        """The number of a fault; 0 when it is not asked for."""
        return float(self.get(name) or 0)


class StreamHost:
    """Serves `roots` (first part of the path → folder) and `files` (path → bytes). `hits` counts paths, without faults and query."""

    def __init__(self, roots: Mapping[str, Path], *, address: str = "127.0.0.1", port: int = 0) -> None:
        self.roots = dict(roots)
        self.files: dict[str, bytes] = {}
        self.hits: Counter[str] = Counter()
        self.connections = 0
        self.most_at_once = 0
        self._at_once = 0
        self._faults: dict[str, Faults] = {}
        self.faults = Faults("")
        """Those of addresses that ask for none."""
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._listener = socket.create_server((address, port), backlog=128)
        self.address, self.port = address, int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._listener.close()
        with self._lock:
            for connection in self._open:
                connection.close()

    def url(self, path: str, **faults: object) -> str:
        """The address of a file, with faults."""
        told = _faults_told(faults)
        return f"http://{self.address}:{self.port}/{f'~{told}/' if told else ''}{path}"

    def behave(self, **faults: object) -> None:
        """From now on all addresses without faults of their own have these, counted anew."""
        self.faults = Faults(_faults_told(faults))

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.connections += 1
                self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                while (head := _head_read(connection)) and self._answer(connection, head):
                    pass
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(connection)

    def _answer(self, connection: socket.socket, head: bytes) -> bool:
        """Answer one request; whether the connection stays open."""
        line, *rest = head.decode("latin-1").split("\r\n")
        method, _space, target = line.rpartition(" ")[0].partition(" ")
        headers = {
            name.strip().lower(): value.strip() for name, _colon, value in (text.partition(":") for text in rest)
        }
        path = unquote(target.partition("?")[0]).lstrip("/")
        told, slash, inner = path.partition("/")
        faults = self.faults
        if slash and told.startswith("~"):
            path = inner
            with self._lock:
                faults = self._faults.setdefault(told, Faults(told[1:]))
        keeps = headers.get("connection", "").lower() != "close" and not faults.number("close")
        with self._lock:
            self.hits[path] += 1
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return _Reply(self, connection, faults, path, method, headers, keeps).send()
        finally:
            with self._lock:
                self._at_once -= 1

    def waited(self, seconds: float) -> None:
        """Wait, but not past the end of the host."""
        if seconds > 0:
            self._closing.wait(seconds)

    def opened(self, path: str) -> tuple[Any, int, str] | None:
        """(file or bytes, size, validator) of a path; None when there is nothing."""
        if path == "~hits":
            content = json.dumps({"hits": self.hits.total(), "most_at_once": self.most_at_once}).encode()
            return content, len(content), ""
        if path in self.files:
            content = self.files[path]
            return content, len(content), f"{len(content):x}-{hash(content) & 0xFFFFFF:x}"
        root, _slash, inner = path.partition("/")
        folder = self.roots.get(root)
        if folder is None:
            return None
        place = (folder / inner).resolve()
        if not place.is_relative_to(folder.resolve()) or not place.is_file():
            return None
        found = place.stat()
        return place.open("rb"), found.st_size, f"{found.st_size:x}-{found.st_mtime_ns:x}"


class _Reply:
    """One answer."""

    def __init__(
        self,
        host: StreamHost,
        connection: socket.socket,
        faults: Faults,
        path: str,
        method: str,
        headers: Mapping[str, str],
        keeps: bool,
    ) -> None:
        self.host, self.connection, self.faults, self.path = host, connection, faults, path
        self.method, self.headers, self.keeps = method, headers, keeps
        name = path.rpartition("/")[2]
        only = faults.get("only")
        self.is_touched = only in name if only else not name.endswith(".m3u8")

    def send(self) -> bool:
        self.host.waited(self.faults.number("latency") / 1000)
        if (refusal := self._refusal()) is not None:
            return self._told(*refusal)
        opened = self.host.opened(self.path)
        if opened is None:
            return self._told("404 Not Found", b"nothing here")
        content, size, validator = opened
        try:
            return self._sent(content, size, self.faults.get("etag", validator))
        finally:
            if not isinstance(content, bytes):
                content.close()

    def _refusal(self) -> tuple[str, bytes, dict[str, str]] | None:
        """The answer that a fault gives instead of the file."""
        faults, now = self.faults, time.monotonic()
        if not faults or not self.is_touched:
            return None
        with self.host._lock:
            faults.asked[self.path] += 1
            faults.first_at = now if faults.first_at is None else faults.first_at
            turn, every = faults.asked[self.path], faults.asked.total()
        if "miss" in faults and faults["miss"] in self.path:
            return "404 Not Found", b"gone", {}
        is_late = "expire" in faults and now - faults.first_at > faults.number("expire")
        if is_late or ("forbid" in faults and every > faults.number("forbid")):
            return "403 Forbidden", b"the signature ran out", {}
        if turn <= faults.number("busy"):
            return "429 Too Many Requests", b"", {"Retry-After": "1"}
        if turn <= faults.number("fail") or random.random() * 100 < faults.number("failing"):
            return "500 Oops", b"oops", {}
        if turn <= faults.number("html"):
            return "200 OK", b"<!doctype html><html><body>error</body></html>", {"Content-Type": "text/html"}
        return None

    def _told(self, status: str, body: bytes, headers: Mapping[str, str] | None = None) -> bool:
        lines = [
            f"HTTP/1.1 {status}",
            f"Content-Length: {len(body)}",
            *(f"{k}: {v}" for k, v in (headers or {}).items()),
        ]
        lines += [] if self.keeps else ["Connection: close"]
        self.connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if self.method == "HEAD" else body))
        return self.keeps

    def _sent(self, content: Any, size: int, validator: str) -> bool:
        first, last, status = 0, size - 1, "200 OK"
        quoted = f'"{validator}"' if validator not in ("", "0") else ""
        wanted = self.headers.get("range", "") if self.faults.get("ranges") != "0" else ""
        if wanted.startswith("bytes=") and self.headers.get("if-range", quoted) == quoted:
            begin, _dash, end = wanted.removeprefix("bytes=").partition("-")
            first = int(begin) if begin else max(0, size - int(end))
            last = min(int(end) if begin and end else size - 1, size - 1)
            if first > last:
                return self._told("416 Range Not Satisfiable", b"", {"Content-Range": f"bytes */{size}"})
            status = "206 Partial Content"
        kind = KINDS.get(self.path.rpartition(".")[2], "application/octet-stream")
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {last - first + 1}", f"Content-Type: {kind}"]
        lines += [f"ETag: {quoted}"] if quoted else []
        lines += ["Accept-Ranges: bytes"] if self.faults.get("ranges") != "0" else []
        lines += [f"Content-Range: bytes {first}-{last}/{size}"] if status.startswith("206") else []
        lines += [] if self.keeps else ["Connection: close"]
        self.connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        if self.method == "HEAD":
            return self.keeps
        return self._body(content, first, last - first + 1)

    def _body(self, content: Any, first: int, count: int) -> bool:
        turn = (self.is_touched and self.faults.asked[self.path]) or 2**31  # 0: without faults nothing is counted
        stops = max(self.faults.number("cut"), self.faults.number("stall"))
        length = count // 2 if turn <= stops else count
        rate = int(self.faults.number("rate")) if self.is_touched else 0
        step = max(1, rate // 20) if rate else max(1, length)
        for start in range(0, length, step):
            piece = min(step, length - start)
            if isinstance(content, bytes):
                self.connection.sendall(memoryview(content)[first + start : first + start + piece])
            else:
                self.connection.sendfile(content, first + start, piece)
            self.host.waited(piece / rate if rate else 0.0)
        if turn <= self.faults.number("stall"):
            self.host.waited(3600)
        return self.keeps and length == count


def _faults_told(faults: Mapping[str, object]) -> str:
    return ";".join(f"{name}={value}" for name, value in faults.items())


def _head_read(connection: socket.socket) -> bytes:
    """The head of the next request; empty at the end of the connection."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(8192)
        if not piece or len(head) > 65_536:
            return b""
        head += piece
    return head


def real_streams() -> Path | None:
    """The folder of real streams of `HIROBA_DATA`; None where it is not."""
    named = os.environ.get("HIROBA_DATA")
    folder = Path(named) / "media" / "hls" if named else None
    return folder if folder is not None and folder.is_dir() else None


def main() -> None:
    """Serve until interrupted."""
    reader = argparse.ArgumentParser(epilog=FAULTS, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--port", type=int, default=8099)
    reader.add_argument("--faults", default="", help="shown in the address that is printed")
    reader.add_argument("roots", nargs="*", help="name=folder")
    given = reader.parse_args()
    roots = {name: Path(folder) for name, _is, folder in (root.partition("=") for root in given.roots)}
    if (real := real_streams()) is not None:
        roots.setdefault("hls", real)
    with StreamHost(roots, port=given.port) as host:
        faults = f"~{given.faults}/" if given.faults else ""
        for name in roots:
            print(f"http://{host.address}:{host.port}/{faults}{name}/", flush=True)  # noqa: T201
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
