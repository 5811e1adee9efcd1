"""Push services of the tests' own: Expo's API and a browser's push service on loopback, and a browser that reads messages."""

import base64
import dataclasses
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts import push_expo, push_web
from accounts.push_web import Subscription
from core.tests.egress.servers import LoopbackNetwork


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Browser:
    """A key pair and a secret, as a browser makes them when it subscribes."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self._secret = b"sixteen bytes it"
        self.p256dh, self.auth = b64(point), b64(self._secret)

    def subscription(self, endpoint: str) -> Subscription:
        return Subscription(endpoint, self.p256dh, self.auth)

    def read(self, body: bytes) -> dict[str, Any]:
        """What a message says; raises unless it was sealed for this browser."""
        return json.loads(http_ece.decrypt(body, private_key=self._private, auth_secret=self._secret))


class Service:
    """A local HTTP server that keeps what it was sent. `answers`: (status, headers, body) in order; then `default`."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str], Any]] = []
        self.dead: set[str] = set()
        """Expo tokens, or receipts by ticket, that are no more."""
        self.errors: dict[str, str] = {}
        """Expo token or ticket → another error."""
        self.apps: dict[str, str] = {}
        """Expo token → the app it belongs to: two in one request are refused."""
        self.pending: set[str] = set()
        """Tickets without a receipt yet."""
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                service.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status, headers, found = service.answers.pop(0) if service.answers else service.answer(self.path, body)
                content = found if isinstance(found, bytes) else json.dumps(found).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                """Silence."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, path: str, body: bytes) -> tuple[int, dict[str, str], Any]:
        if path.endswith("/send"):
            return self._send(json.loads(body))
        if path.endswith("/getReceipts"):
            found = {i: self._state(i, f"receipt of {i}") for i in json.loads(body)["ids"] if i not in self.pending}
            return 200, {}, {"data": found}
        return 201, {}, b""

    def _send(self, messages: list[dict[str, Any]]) -> tuple[int, dict[str, str], Any]:
        if len(messages) > 100:
            return 400, {}, {"errors": [{"code": "PUSH_TOO_MANY_NOTIFICATIONS"}]}
        groups: dict[str, list[str]] = {}
        for message in messages:
            groups.setdefault(self.apps.get(message["to"], "@us/app"), []).append(message["to"])
        if len(groups) > 1:
            return 400, {}, {"errors": [{"code": "PUSH_TOO_MANY_EXPERIENCE_IDS", "details": groups}]}
        return 200, {}, {"data": [self._state(m["to"], f"ticket-{m['to'][18:-1]}") for m in messages]}

    def _state(self, name: str, ticket: str) -> dict[str, Any]:
        error = "DeviceNotRegistered" if name in self.dead else self.errors.get(name)
        if error:
            return {"status": "error", "message": "no", "details": {"error": error}}
        return {"status": "ok", "id": ticket}


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Service]:
    """A service that stands for Expo and for browsers' push services; the policies reach it and nothing else on loopback."""
    service = Service()
    settings.EXPO_PUSH_URL = f"http://127.0.0.1:{service.port}/--/api/v2/push"
    expo, web = push_expo.push_policy, push_web.push_policy
    loopback = LoopbackNetwork()
    monkeypatch.setattr(push_expo, "push_policy", lambda: dataclasses.replace(expo(), network=loopback))
    changes: dict[str, Any] = {"hosts": ("127.0.0.1",), "schemes": ("http",), "ports": (service.port,)}
    monkeypatch.setattr(push_web, "push_policy", lambda: dataclasses.replace(web(), network=loopback, **changes))
    try:
        yield service
    finally:
        service.server.shutdown()
        service.server.server_close()
