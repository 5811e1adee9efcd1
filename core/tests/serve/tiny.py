"""A tiny WSGI application on the embedded server, run as a process of its own by test_http_server.py."""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
MEGABYTE = b"x" * 1024 * 1024


class FilePart:
    """What views answer with: some bytes of an open file."""

    def __init__(self, file: Any, offset: int, length: int) -> None:
        self.file, self.left, self.part = file, length, (file.fileno(), offset, length)
        file.seek(offset)

    def read(self, size: int) -> bytes:
        data: bytes = self.file.read(min(size, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


class Endless:
    """Megabytes until closed; the close is recorded in a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.sent += 1
            yield MEGABYTE

    def close(self) -> None:
        self.mark.write_text(str(self.sent))


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/endless":
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        return Endless(Path(os.environ["MARKS"]) / "closed")
    if path == "/file":
        start_response("200 OK", [("Content-Length", str(Path(os.environ["BIG_FILE"]).stat().st_size))])
        return environ["wsgi.file_wrapper"](Path(os.environ["BIG_FILE"]).open("rb"))
    if path == "/part":
        offset, length = (int(number) for number in environ["QUERY_STRING"].split("-"))
        start_response("206 Partial Content", [("Content-Length", str(length))])
        return environ["wsgi.file_wrapper"](FilePart(Path(os.environ["BIG_FILE"]).open("rb"), offset, length))
    if path == "/shrunk":
        start_response("200 OK", [("Content-Length", "1000000")])
        return environ["wsgi.file_wrapper"](FilePart(Path(__file__).open("rb"), 0, 1_000_000))
    if path in ("/slow", "/aside"):
        time.sleep(1.0)
    size = len(environ["wsgi.input"].read())
    seen = {name: value for name, value in environ.items() if isinstance(value, str)}
    body = json.dumps({"size": size, "environ": seen}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    import django

    from core.serve.http_server import EmbeddedServer

    django.setup()
    from channels.routing import ProtocolTypeRouter

    from core.serve.sockets import closed
    from core.serve.wsgi_bridge import Aside, WSGIBridge

    aside = Aside(frozenset({"/aside"}), threads=1, backlog=3)
    bridge = WSGIBridge(application, threads=2, backlog=2, body_limit=8_000_000, aside=aside)
    server = EmbeddedServer(
        ProtocolTypeRouter({"http": bridge, "websocket": closed(lambda *_: None)}),
        endpoint=f"tcp:port={sys.argv[1]}:interface=127.0.0.1",
        body_limit=8_000_000,
        on_ready=lambda: sys.stdout.write("ready\n") and sys.stdout.flush(),
        on_stopping=lambda: None,
        on_stopped=lambda: bridge.stop(0.5),
    )
    server.run()


if __name__ == "__main__":
    main()
