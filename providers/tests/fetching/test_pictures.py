"""Covers: from any public host, small, and pictures as far as the answer says."""

import pytest

from core import egress
from providers.errors import PageUnreadable, ProviderBlocked, ProviderError
from providers.fetching.pictures import picture_fetch
from providers.models import HostHour
from providers.tests.servers import answer, loopback, provider_site

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_picture_comes_from_another_host_and_is_counted_there() -> None:
    picture = answer(PNG, headers={"Content-Type": "image/png"})
    with provider_site({"/c.png": picture}) as (provider, site), loopback(names={"cdn.example": [["127.0.0.1"]]}):
        assert picture_fetch(provider, f"http://cdn.example:{site.server.port}/c.png") == PNG
        assert HostHour.objects.get().host == f"cdn.example:{site.server.port}"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer(b"", status="404 Not Found"), ProviderError),
        (answer(b"", status="403 Forbidden"), ProviderBlocked),
        (answer(b"<html>", headers={"Content-Type": "text/html"}), PageUnreadable),
        (answer(b"", headers={"Content-Type": "image/png"}), PageUnreadable),
        (answer(b"x" * (5 * 1024 * 1024 + 1), headers={"Content-Type": "image/png"}), egress.EgressTooLarge),
    ],
)
def test_what_is_no_picture(reply, error: type[Exception]) -> None:  # type: ignore[no-untyped-def]
    with provider_site({"/c.png": reply}) as (provider, site), pytest.raises(error):
        picture_fetch(provider, f"{site.base_url}/c.png")


@pytest.mark.parametrize(
    "url", ["", "javascript:1", "data:image/png;base64,x", "http://10.0.0.1/c.png", "http://127.0.0.2/c.png"]
)
def test_odd_and_private_addresses_are_refused(url: str) -> None:
    with provider_site({}) as (provider, _site), pytest.raises(egress.EgressRefused):
        picture_fetch(provider, url)
    assert not HostHour.objects.exists()
