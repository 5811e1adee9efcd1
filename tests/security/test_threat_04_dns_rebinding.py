"""Threat 4: the address that was checked is the address that is used."""

import socket

import pytest

from core import egress
from core.tests.egress.servers import LoopbackNetwork, Server, answer, policy_for, serving

PUBLIC = "127.0.0.2"


def two_servers_on_one_port() -> tuple[Server, socket.socket]:
    """The "public" server and, on the same port of 127.0.0.1, a canary that a second look-up would lead to."""
    for _attempt in range(20):
        public = Server(answer(b"public"), PUBLIC)
        try:
            return public, socket.create_server(("127.0.0.1", public.port))
        except OSError:
            public.close()
    raise AssertionError("no port is free on both addresses")


def test_one_look_up_and_the_connection_goes_where_it_said(monkeypatch: pytest.MonkeyPatch) -> None:
    public, canary = two_servers_on_one_port()
    resolved = []
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: resolved.append(host) or real(host, *rest, **more)
    )
    try:
        network = LoopbackNetwork({"rebind.example": [[PUBLIC], ["127.0.0.1"]]}, allowed={PUBLIC})
        found = egress.fetch(f"http://rebind.example:{public.port}/", policy=policy_for(public, network=network))
        assert (found.body, public.hits) == (b"public", 1)
        assert network.lookups == ["rebind.example"]
        assert resolved == [], "no library looks the name up again"
        canary.settimeout(0.2)
        with pytest.raises(TimeoutError):
            canary.accept()
    finally:
        public.close()
        canary.close()


def test_a_redirect_to_the_same_name_is_looked_up_and_checked_anew() -> None:
    with serving(answer(b"", status="302 Found", headers={"Location": "/again"}), address=PUBLIC) as front:
        network = LoopbackNetwork({"rebind.example": [[PUBLIC], ["127.0.0.1"]]}, allowed={PUBLIC})
        with pytest.raises(egress.EgressRefused):
            egress.fetch(f"http://rebind.example:{front.port}/", policy=policy_for(front, network=network))
        assert (front.hits, network.lookups) == (1, ["rebind.example", "rebind.example"])


def test_the_real_resolver_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def look_up(host: str, port: int, *rest: object, **more: object) -> list[object]:
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    connected = []
    monkeypatch.setattr(
        "core.egress.network.PlainSocket.connect",
        lambda self, address: connected.append(address) or (_ for _ in ()).throw(ConnectionRefusedError()),
    )
    with pytest.raises(egress.EgressUnavailable):
        egress.fetch("http://rebind.example/", policy=egress.Policy(hosts=("*",)))
    assert (asked, connected) == (["rebind.example"], [("93.184.216.34", 80)])
