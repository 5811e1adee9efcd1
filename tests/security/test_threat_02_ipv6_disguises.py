"""Threat 2: a private IPv4 address inside an IPv6 one is still private."""

import socket

import pytest

from core import egress
from core.egress.addresses import address_is_public
from core.tests.egress.servers import LoopbackNetwork, answer, serving

DISGUISES = [
    "::",
    "::1",
    "::ffff:7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:0:127.0.0.1",
    "::7f00:1",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b:1::808:808",
    "2002:7f00:1::",
    "2002:808:808::",
    "2001:0:808:808:0:0:80ff:fffe",
    "2001:db8::1",
    "3fff::1",
    "fe80::1",
    "fe80::5efe:7f00:1",
    "2a00:1450:4001::5efe:7f00:1",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "100::1",
]


@pytest.mark.parametrize("address", DISGUISES)
def test_refused_as_a_literal_and_behind_a_name(address: str) -> None:
    assert not address_is_public(address)
    assert not address_is_public(f"{address}%eth0")
    network = LoopbackNetwork({"named.example": [[address]]}, allowed=set())
    for host in (f"[{address}]", "named.example"):
        with pytest.raises(egress.EgressRefused) as caught:
            egress.fetch(f"http://{host}/", policy=egress.Policy(hosts=("*",), network=network))
        assert caught.value.status == 400


@pytest.mark.parametrize("host", ["[fe80::1%25eth0]", "[::1", "::1", "[::g]", "[v1.x]", "[::1]x", "[1::2::3]"])
def test_malformed_literals_are_refused(host: str) -> None:
    with pytest.raises(egress.EgressRefused):
        egress.fetch(f"http://{host}/", policy=egress.Policy(hosts=("*",)))


@pytest.mark.parametrize("host", ["[::]", "[::1]", "[::ffff:7f00:1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]"])
def test_the_canary_is_not_touched(host: str) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        address = "::1" if host in ("[::1]", "[0:0:0:0:0:0:0:1]") else "127.0.0.1"
    except OSError:  # a machine without IPv6: the IPv4 canary still catches the mapped forms
        address = "127.0.0.1"
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    if family == socket.AF_INET6:
        with socket.create_server((address, 0), family=family) as listener:
            listener.settimeout(0.2)
            with pytest.raises(egress.EgressRefused):
                egress.fetch(
                    f"http://{host}:{listener.getsockname()[1]}/",
                    policy=egress.Policy(hosts=("*",), ports=(listener.getsockname()[1],)),
                )
            with pytest.raises(TimeoutError):
                listener.accept()
        return
    with serving(answer()) as canary:
        with pytest.raises(egress.EgressRefused):
            egress.fetch(f"http://{host}:{canary.port}/", policy=egress.Policy(hosts=("*",), ports=(canary.port,)))
        assert canary.hits == 0
