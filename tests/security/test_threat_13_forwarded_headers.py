"""Threat 13: nobody changes who they are by writing X-Forwarded-For."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core.proxies import TrustedProxyMiddleware, client_address
from core.throttles import Limit, throttle_hit

PROXIES = ["10.0.0.0/8", "192.168.1.1", "fd00::/8"]


def asking(peer: str, forwarded: str | None = None, **more: str) -> HttpRequest:
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **extra, **more)


@pytest.mark.parametrize("proxies", [[], PROXIES])
def test_forged_headers_stay_in_the_same_rate_bucket(settings, proxies: list[str]) -> None:  # type: ignore[no-untyped-def]
    settings.TRUSTED_PROXIES = proxies
    limit = Limit("forged", 5, 60)
    left = [throttle_hit(limit, client_address(asking("203.0.113.9", f"1.2.3.{n}"))).remaining for n in range(6)]
    assert left == [4, 3, 2, 1, 0, 0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 10.9.9.9, 1.2.3.4, 192.168.1.1", "1.2.3.4"),
        ("10.0.0.1", "127.0.0.1, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("10.0.0.1", "1.2.3.4, garbage", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", ",", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4:5678", "1.2.3.4"),
        ("10.0.0.1", "[2001:db8::7]:443", "2001:db8::7"),
        ("10.0.0.1", "2001:DB8:0::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("::ffff:203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("fd00::1", "::ffff:1.2.3.4", "1.2.3.4"),
        ("", "1.2.3.4", "0.0.0.0"),
    ],
)
def test_the_right_most_foreign_hop_counts(settings, peer: str, forwarded: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    settings.TRUSTED_PROXIES = PROXIES
    assert client_address(asking(peer, forwarded)) == expected


def test_ten_thousand_hops_are_read_in_no_time(settings) -> None:  # type: ignore[no-untyped-def]
    settings.TRUSTED_PROXIES = PROXIES
    assert client_address(asking("10.0.0.1", ",".join(["10.0.0.2"] * 10_000))) == "10.0.0.2"


def seen_behind(request: HttpRequest) -> HttpRequest:
    seen: list[HttpRequest] = []
    TrustedProxyMiddleware(lambda inner: seen.append(inner) or HttpResponse())(request)
    return seen[0]


def test_the_scheme_and_address_come_from_a_trusted_proxy(settings) -> None:  # type: ignore[no-untyped-def]
    settings.TRUSTED_PROXIES = PROXIES
    request = seen_behind(asking("10.0.0.1", "1.2.3.4", HTTP_X_FORWARDED_PROTO="https"))
    assert (request.META["REMOTE_ADDR"], request.is_secure(), client_address(request)) == ("1.2.3.4", True, "1.2.3.4")


@pytest.mark.parametrize("proxies", [[], PROXIES])
def test_a_strangers_headers_are_dropped(settings, proxies: list[str]) -> None:  # type: ignore[no-untyped-def]
    settings.TRUSTED_PROXIES = proxies
    request = seen_behind(
        asking(
            "203.0.113.9",
            "1.2.3.4",
            HTTP_X_FORWARDED_PROTO="https",
            HTTP_X_REAL_IP="1.2.3.4",
            HTTP_FORWARDED="for=1.2.3.4",
        )
    )
    assert (request.META["REMOTE_ADDR"], request.is_secure()) == ("203.0.113.9", False)
    assert not [name for name in request.META if "FORWARDED" in name or "REAL_IP" in name]


def test_the_middleware_is_in_place(client, settings) -> None:  # type: ignore[no-untyped-def]
    assert "core.proxies.TrustedProxyMiddleware" in settings.MIDDLEWARE
