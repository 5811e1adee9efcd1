"""A socket that sends as much as it is asked to, on the embedded server; run as a process by test_sockets.py."""

import asyncio
import sys
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    import django

    from core.serve.http_server import EmbeddedServer

    django.setup()
    from channels.routing import ProtocolTypeRouter

    from core.realtime.socket import Identity, Socket

    class Flood(Socket):
        async def identify(self, token: str | None) -> Identity | None:
            return Identity(uuid.uuid4(), uuid.uuid4())

        async def command(self, op: str, frame: dict[str, Any]) -> bool:
            for _ in range(frame["d"]):
                self.push({"op": "DISPATCH", "d": "x" * 10_000})
                await asyncio.sleep(0.0005)
            return True

    server = EmbeddedServer(
        ProtocolTypeRouter({"websocket": Flood.as_asgi()}),
        endpoint=f"tcp:port={sys.argv[1]}:interface=127.0.0.1",
        body_limit=8_000_000,
        on_ready=lambda: sys.stdout.write("ready\n") and sys.stdout.flush(),
        on_stopping=lambda: None,
        on_stopped=lambda: None,
    )
    server.run()


if __name__ == "__main__":
    main()
