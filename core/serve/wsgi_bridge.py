"""Runs a WSGI application behind an ASGI server with one thread hop a request (why not a2wsgi: docs/adr/0002).

The whole WSGI call and the body of an ordinary response happen in one visit to a thread. Streams are pulled chunk by
chunk from a pinned thread, and only as fast as the client reads: while it does not, no thread is held.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import io
import logging
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from core.errors import DomainError, PayloadTooLarge, ServiceUnavailable
from core.serve import sendfile
from core.serve.threads import CallThreads, OverloadedError, PinnedThreads

logger = logging.getLogger(__name__)

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY_IN_MEMORY = 2_621_440  # bytes; a larger body goes to a temporary file
CHUNK = 128 * 1024  # bytes of a file that are read and sent at a time
BODY_EXTENSION = "hiroba.body"  # scope["extensions"] key under which our server hands over a complete body as a file


class Part(NamedTuple):
    """`length` bytes of an open file (a descriptor) from `offset` on."""

    file: int
    offset: int
    length: int


class FileChunks:
    """`wsgi.file_wrapper`: a file read in chunks of `CHUNK` bytes, whatever block size the caller names.

    What is no whole file says with an attribute `part` which bytes of which it is: (descriptor, offset, length).
    """

    def __init__(self, file: IO[bytes], _block_size: int = CHUNK) -> None:
        self._file = file

    def part(self, length: int) -> Part | None:
        """The part of a file on disk that these `length` bytes are, None when they are none."""
        if (part := getattr(self._file, "part", None)) is not None:
            return Part(*part) if part[2] == length else None
        try:
            part = Part(self._file.fileno(), self._file.tell(), length)
            is_whole = os.fstat(part.file).st_size - part.offset == length
        except (AttributeError, OSError, ValueError):
            return None
        return part if is_whole else None

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._file.read(CHUNK):
            yield chunk

    def close(self) -> None:
        """Close the file, where it can be closed."""
        if close := getattr(self._file, "close", None):
            close()


@dataclass(slots=True)
class Answer:
    """What the application said: status and headers, and the whole body, an iterator over it or a part of a file."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    chunks: Iterator[bytes] | None = None
    part: Part | None = None
    close: Callable[[], None] | None = None
    context: contextvars.Context | None = None


@dataclass(frozen=True, slots=True)
class Aside:
    """POSTs to these paths take long by design, so they have threads of their own: a flood of them holds up nothing else."""

    paths: frozenset[str]
    threads: int
    backlog: int


class WSGIBridge:
    """An ASGI application for `http` scopes around a WSGI one.

    threads: how many requests run at once; backlog: how many more may wait before 503 is answered;
    body_limit: bytes of a request body above which 413 is answered; aside: which requests wait in a line of their own.
    """

    def __init__(
        self,
        application: Any,
        *,
        threads: int = 6,
        backlog: int = 256,
        body_limit: int = 64 * 1024**2,
        aside: Aside | None = None,
    ) -> None:
        self.application = application
        self.body_limit = body_limit
        self.requests = CallThreads("request", size=threads, backlog=backlog)
        self.aside_paths = aside.paths if aside else frozenset()
        self.aside = CallThreads("aside", size=aside.threads, backlog=aside.backlog) if aside else self.requests
        self.streams = PinnedThreads("stream", size=2)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = scope.get("extensions", {}).get(BODY_EXTENSION)
        if body is None:
            body = await read_body(receive, self.body_limit)
        if body is None:
            await refuse(send, PayloadTooLarge())
            return
        try:
            call = self._threads(scope).call(self._run, scope, body)
        except OverloadedError:
            body.close()
            await refuse(send, ServiceUnavailable(headers={"Retry-After": "1"}))
            return
        # A client that leaves does not stop a running view, so its result is awaited in every case.
        answer = await asyncio.shield(call)
        if answer.part is not None:
            await self._send_part(answer, answer.part, send)
        elif answer.chunks is None:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": "http.response.body", "body": answer.body})
        else:
            await self._stream(answer, receive, send)

    def stop(self, seconds: float) -> None:
        """Let running requests finish for at most `seconds` and close their database connections."""
        self.requests.stop(seconds * 0.6)
        if self.aside is not self.requests:
            self.aside.stop(seconds * 0.2)
        self.streams.stop(seconds * 0.2)

    def _threads(self, scope: Scope) -> CallThreads:
        is_aside = scope["method"] == "POST" and scope["path"] in self.aside_paths
        return self.aside if is_aside else self.requests

    def _run(self, scope: Scope, body: IO[bytes]) -> Answer:
        # A fresh context a request: nothing a view binds (language, log fields) is seen by the thread's next request.
        context = contextvars.Context()
        answer = context.run(_call_application, self.application, scope, body)
        answer.context = context
        return answer

    async def _send_part(self, answer: Answer, part: Part, send: Send) -> None:
        """The server sends the file itself: no thread is held, however slowly the client reads."""
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": sendfile.EXTENSION, "file": part.file, "offset": part.offset, "count": part.length})
            await send({"type": "http.response.body", "body": b""})
        except OSError:
            logger.debug("the client left a file")
        finally:
            if answer.close is not None:
                self.streams.lane().call((answer.context or contextvars.Context()).run, _close_quietly, answer.close)

    async def _stream(self, answer: Answer, receive: Receive, send: Send) -> None:
        lane = self.streams.lane()
        context, chunks = answer.context or contextvars.Context(), answer.chunks
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            if answer.body:
                await send({"type": "http.response.body", "body": answer.body, "more_body": True})
            while not gone.done():
                chunk = await lane.call(context.run, next, chunks, None)
                if chunk is None:
                    await send({"type": "http.response.body", "body": b""})
                    break
                if chunk:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except OSError:
            logger.debug("the client left a stream")
        finally:
            gone.cancel()
            if answer.close is not None:
                lane.call(context.run, _close_quietly, answer.close)


def _call_application(application: Any, scope: Scope, body: IO[bytes]) -> Answer:
    answer = Answer()
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Callable[[bytes], None]:
        answer.status = int(status[:3])
        answer.headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return written.append

    iterable = application(environ_of(scope, body), start_response)
    close = getattr(iterable, "close", None)
    keep_open = False
    try:
        if scope["method"] == "HEAD" or answer.status in (204, 304):
            return answer
        if getattr(iterable, "streaming", None) is False or isinstance(iterable, list | tuple):
            answer.body = b"".join([*written, *iterable])
            return answer
        if not written and sendfile.EXTENSION in scope.get("extensions", {}):
            answer.part = _part_of(answer, iterable)
        keep_open = answer.part is not None or _begin_stream(answer, iterable, b"".join(written))
        return answer
    finally:
        if keep_open:
            answer.close = lambda: _close_all(close, body.close)
        else:
            _close_all(close, body.close)


def _part_of(answer: Answer, iterable: Iterable[bytes]) -> Part | None:
    """The part of a file that the answer is, when it is one and longer than what is read at once anyway."""
    if not isinstance(iterable, FileChunks):
        return None
    length = next((value for name, value in answer.headers if name.lower() == b"content-length"), b"")
    return iterable.part(int(length)) if length.isdigit() and int(length) > CHUNK else None


def _begin_stream(answer: Answer, iterable: Iterable[bytes], written: bytes) -> bool:
    """Read a file's first chunks here, so that a small file needs no second hop; False when that was all of it."""
    chunks = iter(iterable)
    if isinstance(iterable, FileChunks):
        first = next(chunks, b"")
        if len(first) < CHUNK:
            second = next(chunks, None) if first else None
            if second is None:
                answer.body = written + first
                return False
            first += second
        written += first
    answer.body, answer.chunks = written, chunks
    return True


def _close_all(*closes: Callable[[], None] | None) -> None:
    for close in closes:
        if close is not None:
            close()


def _close_quietly(close: Callable[[], None]) -> None:
    try:
        close()
    except Exception:
        logger.exception("closing a stream failed")


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def read_body(receive: Receive, limit: int) -> IO[bytes] | None:
    """The whole request body as a file at its start: in memory up to `BODY_IN_MEMORY`, then on disk.

    None when it is larger than `limit` bytes, or when the client left before its end.
    """
    file: IO[bytes] | None = None
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            if file is not None:
                file.close()
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            if file is not None:
                file.close()
            return None
        more = message.get("more_body", False)
        if file is None:
            if not more:
                return io.BytesIO(chunk)
            file = tempfile.SpooledTemporaryFile(max_size=BODY_IN_MEMORY)  # noqa: SIM115 - closed with the answer
        file.write(chunk)
        if not more:
            file.seek(0)
            return file


def environ_of(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """The WSGI environ of an ASGI http scope (PEP 3333: header and path bytes as latin-1 text)."""
    raw_path = scope.get("raw_path")
    path = unquote_to_bytes(raw_path) if raw_path else scope["path"].encode()
    root = scope.get("root_path", "").encode()
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root.decode("latin-1"),
        "PATH_INFO": path.removeprefix(root).decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileChunks,
    }
    for raw_name, raw_value in scope["headers"]:
        # X_Forwarded_For would become the same variable as X-Forwarded-For (CVE-2015-0219).
        if b"_" in raw_name:
            continue
        name = _VARIABLES.get(raw_name) or "HTTP_" + raw_name.decode("latin-1").upper().replace("-", "_")
        value = raw_value.decode("latin-1")
        if name in environ:
            value = environ[name] + ("; " if name == "HTTP_COOKIE" else ",") + value
        environ[name] = value
    # The body is whole by now, so its length is known even when it came in chunks.
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    size = body.seek(0, io.SEEK_END)
    body.seek(0)
    environ.pop("CONTENT_LENGTH", None)
    if size:
        environ["CONTENT_LENGTH"] = str(size)
    return environ


_VARIABLES = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


async def refuse(send: Send, error: DomainError) -> None:
    """Answer with an error's problem document without entering the application."""
    status, headers, body = refusal(error)
    with contextlib.suppress(OSError):
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def refusal(error: DomainError) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body of an error's problem document."""
    from core.api.problems import problem_response

    response = problem_response(error)
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    headers.append((b"content-length", str(len(response.content)).encode()))
    return response.status_code, headers, response.content
