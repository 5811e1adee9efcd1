"""A library's `requests.Session` goes through the door, whatever the library asks of it."""

import time

import pytest
import requests

from core.egress.errors import EgressPaced, EgressRefused, EgressTimeout, EgressUnavailable
from core.egress.requests_transport import egress_session
from core.tests.egress.servers import LoopbackNetwork, answer, policy_for, serving


def test_an_answer_arrives_whole() -> None:
    headers = {"Content-Type": "application/json; charset=utf-8", "X-Thing": "1"}
    with serving(answer('{"a": "é"}'.encode(), headers=headers)) as server:
        session = egress_session(policy_for(server))
        found = session.get(
            f"http://127.0.0.1:{server.port}/x", params={"q": "ü 1"}, headers={"Authorization": "Bearer t"}
        )
    assert found.json() == {"a": "é"}
    assert (found.status_code, found.ok, found.headers["x-thing"]) == (200, True, "1")
    assert found.url.endswith("/x?q=%C3%BC+1")
    head = server.requests[0].decode()
    assert "Authorization: Bearer t" in head
    assert "User-Agent: Hiroba/" in head
    assert "python-requests" not in head


def test_a_form_and_its_credentials_are_sent() -> None:
    with serving(answer(status="201 Created")) as server:
        session = egress_session(policy_for(server))
        url = f"http://127.0.0.1:{server.port}/"
        found = session.post(url, data={"code": "1&2"}, auth=("id", "secret"), timeout=3, verify=False, stream=True)
    assert (found.status_code, found.text) == (201, "hello")
    head = server.requests[0].decode()
    assert "Content-Type: application/x-www-form-urlencoded" in head
    assert "Authorization: Basic aWQ6c2VjcmV0" in head
    assert "code=1%262" in head or "Content-Length: 10" in head


def test_client_errors_are_answers() -> None:
    with serving(answer(b"{}", status="401 Unauthorized")) as server:
        found = egress_session(policy_for(server)).get(f"http://127.0.0.1:{server.port}/")
    assert not found.ok
    with pytest.raises(requests.HTTPError):
        found.raise_for_status()


@pytest.mark.parametrize(("status", "cause"), [("503 Busy", EgressUnavailable), ("429 Slow down", EgressPaced)])
def test_what_fetch_raises_is_an_error_of_requests(status: str, cause: type[Exception]) -> None:
    with serving(answer(status=status)) as server, pytest.raises(requests.ConnectionError) as raised:
        egress_session(policy_for(server)).get(f"http://127.0.0.1:{server.port}/")
    assert isinstance(raised.value.__cause__, cause)


def test_a_slow_server_is_a_timeout() -> None:
    with serving(lambda connection, head: time.sleep(1)) as server, pytest.raises(requests.Timeout) as raised:
        egress_session(policy_for(server, total_seconds=0.3)).get(f"http://127.0.0.1:{server.port}/")
    assert isinstance(raised.value.__cause__, EgressTimeout)


def test_private_addresses_and_other_hosts_are_not_reached() -> None:
    with serving(answer()) as server:
        closed = egress_session(policy_for(server, network=LoopbackNetwork(allowed=set())))
        listed = egress_session(policy_for(server, hosts=("api.example.org",)))
        for session in (closed, listed):
            with pytest.raises(requests.ConnectionError) as raised:
                session.get(f"http://127.0.0.1:{server.port}/")
            assert isinstance(raised.value.__cause__, EgressRefused)
    assert server.hits == 0


def test_a_redirect_is_not_followed_past_the_policy() -> None:
    with serving(answer()) as inner:
        target = {"Location": f"http://127.0.0.1:{inner.port}/"}
        with serving(answer(status="302 Found", headers=target)) as outer, pytest.raises(requests.ConnectionError):
            egress_session(policy_for(outer, inner, max_redirects=0)).get(f"http://127.0.0.1:{outer.port}/")
    assert inner.hits == 0


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer()) as proxy, serving(answer(b"direct")) as server:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        session = egress_session(policy_for(server))
        assert session.get(f"http://127.0.0.1:{server.port}/").text == "direct"
    assert proxy.hits == 0


def test_other_schemes_have_no_transport() -> None:
    with serving(answer()) as server:
        session = egress_session(policy_for(server))
    for url in ("file:///etc/passwd", "ftp://127.0.0.1/"):
        with pytest.raises(requests.exceptions.InvalidSchema):
            session.get(url)


def test_streams_are_not_sent() -> None:
    with serving(answer()) as server, pytest.raises(TypeError):
        egress_session(policy_for(server)).post(f"http://127.0.0.1:{server.port}/", data=iter([b"x"]))
