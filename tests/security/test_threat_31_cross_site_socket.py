"""Threat 31: a page of another site cannot open our sockets with the visitor's cookie."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import LazySettings
from django.test import Client
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as open_socket

from accounts.tests.factories import UserFactory
from accounts.tests.live.clients import connect, run
from core.realtime.origin import is_from_own_page
from tests.services.instances import free_port
from tests.services.processes import up


def allows(origin: str | None, host: str = "anime.example.org", **scope: object) -> bool:
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    return is_from_own_page({"headers": headers, "client": ["192.0.2.7", 5000], **scope})


class TestTheRule:
    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example",
            "null",
            "",
            "https://anime.example.org.evil.example",
            "https://evil.example/anime.example.org",
            "https://anime.example.org@evil.example",
            "https://sub.anime.example.org",
            "https://anime.example.org:8443",
            "chrome-extension://anime.example.org",
            "file://",
            "anime.example.org",
        ],
    )
    def test_other_pages_are_refused(self, origin: str) -> None:
        assert not allows(origin)

    @pytest.mark.parametrize(
        ("origin", "host"),
        [
            ("https://anime.example.org", "anime.example.org"),
            ("https://anime.example.org", "anime.example.org:443"),
            ("https://Anime.Example.org", "anime.example.org"),
            ("http://localhost:8000", "localhost:8000"),
            ("http://127.0.0.1", "127.0.0.1:80"),
            ("http://[::1]:8000", "[::1]:8000"),
            (None, "anime.example.org"),  # an app: it holds no cookie of a browser
        ],
    )
    def test_our_own_pass(self, origin: str | None, host: str) -> None:
        assert allows(origin, host)

    def test_so_do_those_that_the_operator_names(self, settings: LazySettings) -> None:
        settings.CSRF_TRUSTED_ORIGINS = ["https://app.example.org"]
        settings.CORS_ALLOWED_ORIGINS = ["https://tracker.example.org"]
        assert allows("https://app.example.org")
        assert allows("https://tracker.example.org")
        assert not allows("http://app.example.org")

    def test_a_plain_page_does_not_reach_into_the_encrypted_site(self, settings: LazySettings) -> None:
        assert not allows("http://anime.example.org", scheme="wss")
        settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
        proxied = [(b"host", b"anime.example.org"), (b"x-forwarded-proto", b"https")]
        scope = {"client": ["192.0.2.7", 1], "headers": [*proxied, (b"origin", b"http://anime.example.org")]}
        assert not is_from_own_page(scope)

    def test_headers_that_come_twice_or_not_at_all(self, settings: LazySettings) -> None:
        host, ours = (b"host", b"a.example"), (b"origin", b"https://a.example")
        assert not is_from_own_page({"headers": [host, ours, (b"origin", b"https://evil.example")], "client": None})
        assert not is_from_own_page({"headers": [host, host, ours], "client": None})
        assert not is_from_own_page({"headers": [ours], "client": None})
        settings.ALLOWED_HOSTS = ["b.example"]
        assert not is_from_own_page({"headers": [host, ours], "client": None})


@pytest.mark.django_db
def test_a_cookie_from_an_evil_page_is_not_even_read(client: Client) -> None:
    client.force_login(UserFactory.create())
    cookie = client.cookies["sessionid"].value

    async def scenario() -> None:
        for origin, is_open in (("https://evil.example", False), ("null", False), ("http://testserver", True)):
            socket: WebsocketCommunicator = connect(cookie=cookie, origin=origin)
            assert (await socket.connect())[0] is is_open
            if is_open:
                await socket.disconnect()

    run(scenario)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    data: Path = tmp_path_factory.mktemp("origins") / "data"
    number = free_port()
    trusted = "https://app.example.org"
    with up(data, number, DEMO_DATA="false", CSRF_TRUSTED_ORIGINS=trusted) as process:
        process.wait_for("Hiroba is at", 120)
        yield number


@pytest.mark.once
@pytest.mark.timeout(240)
@pytest.mark.xdist_group("processes")
class TestOnARealPort:
    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1"])
    def test_evil_origins_get_403(self, port: int, origin: str) -> None:
        with pytest.raises(InvalidStatus) as refused:
            open_socket(f"ws://127.0.0.1:{port}/live/session", origin=origin)
        assert refused.value.response.status_code == 403

    def test_ours_and_trusted_ones_are_greeted(self, port: int) -> None:
        for origin in (f"http://127.0.0.1:{port}", "https://app.example.org", None):
            with open_socket(f"ws://127.0.0.1:{port}/live/session", origin=origin) as socket:
                assert '"HELLO"' in str(socket.recv(5))
