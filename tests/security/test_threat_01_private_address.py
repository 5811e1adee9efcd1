"""Threat 1: nobody makes us fetch a private address, by number or by name."""

import pytest

from core import egress
from core.egress.addresses import address_is_public
from core.tests.egress.servers import LoopbackNetwork, answer, serving

ANYWHERE = {"hosts": ("*",), "total_seconds": 3.0}


@pytest.fixture
def canary():  # type: ignore[no-untyped-def]
    with serving(answer(b"secret")) as server:
        yield server


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "127.000.000.001",
        "１２７.0.0.1",
        "127。0。0。1",
        "①27.0.0.1",
        "%31%32%37.0.0.1",
        "0.0.0.0",
        "0",
        "localhost",
        "LOCALHOST.",
        "user@127.0.0.1",
        "example.org@127.0.0.1",
        "example.org:80@127.0.0.1",
        "127.0.0.1%00.example.org",
        "127.0.0.1\\.example.org",
        "example.org\\@127.0.0.1",
        "127.0.0.1\t",
        "[127.0.0.1]",
    ],
)
def test_loopback_in_any_spelling_never_reaches_the_canary(canary, host: str, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    policy = egress.Policy(ports=(canary.port,), **ANYWHERE)
    with pytest.raises(egress.EgressRefused) as caught:
        egress.fetch(f"http://{host}:{canary.port}/", policy=policy)
    assert (caught.value.code, caught.value.status, canary.hits) == ("egress_refused", 400, 0)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
    ],
)
def test_metadata_services_and_home_networks_are_refused(address: str) -> None:
    for url in (f"http://{address}/latest/meta-data/", f"https://{address}/"):
        with pytest.raises(egress.EgressRefused):
            egress.fetch(url, policy=egress.Policy(**ANYWHERE))


def test_a_name_that_leads_to_a_private_address_is_refused(canary) -> None:  # type: ignore[no-untyped-def]
    answers = {
        "inside.example": [["127.0.0.1"]],
        "metadata.example": [["169.254.169.254"]],
        "mixed.example": [["93.184.216.34", "127.0.0.1"]],
        "nothing.example": [[]],
    }
    for host in answers:
        network = LoopbackNetwork(dict(answers), allowed=set())
        with pytest.raises(egress.EgressRefused):
            egress.fetch(
                f"http://{host}:{canary.port}/", policy=egress.Policy(ports=(canary.port,), network=network, **ANYWHERE)
            )
    assert canary.hits == 0


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "ftp://127.0.0.1/",
        "//127.0.0.1/",
        "data:,x",
        "http:127.0.0.1",
        "http:///x",
        "",
    ],
)
def test_only_http_and_https(url: str) -> None:
    with pytest.raises(egress.EgressRefused):
        egress.fetch(url, policy=egress.Policy(**ANYWHERE))


def test_other_ports_are_refused(canary) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(egress.EgressRefused, match="port"):
        egress.fetch("http://example.org:22/", policy=egress.Policy(**ANYWHERE))


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.216.34",
        "2606:4700:4700::1111",
        "2a00:1450:4001::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_public_addresses_are_public(address: str) -> None:
    assert address_is_public(address)
