"""What a well-behaved exchange gives back: bodies, redirects, conditions, files, credentials."""

import gzip
from pathlib import Path

import pytest

from core import egress
from core.tests.egress.servers import LoopbackNetwork, answer, policy_for, serving


def test_a_body_arrives_with_its_headers_and_our_name() -> None:
    with serving(answer(b'{"a": 1}', headers={"ETag": '"x"', "Content-Type": "application/json"})) as server:
        found = egress.fetch(f"http://127.0.0.1:{server.port}/path?q=ж#part", policy=policy_for(server))
    assert (found.status, found.json(), found.etag, found.size) == (200, {"a": 1}, '"x"', 8)
    assert found.is_ok
    assert found.elapsed < 5
    head = server.requests[0]
    assert head.startswith(b"GET /path?q=%D0%B6 HTTP/1.1\r\n")
    assert b"User-Agent: Hiroba/" in head
    assert b"Host: 127.0.0.1:%d\r\n" % server.port in head


def test_compressed_bodies_are_opened() -> None:
    with serving(answer(gzip.compress("аниме".encode()), headers={"Content-Encoding": "gzip"})) as server:
        found = egress.fetch(f"http://127.0.0.1:{server.port}/", policy=policy_for(server))
    assert found.text() == "аниме"


def test_a_conditional_request_gets_304() -> None:
    with serving(answer(b"", status="304 Not Modified")) as server:
        found = egress.fetch(
            f"http://127.0.0.1:{server.port}/", policy=policy_for(server), etag='"x"', last_modified="yesterday"
        )
    assert found.is_not_modified
    assert b'If-None-Match: "x"\r\n' in server.requests[0]
    assert b"If-Modified-Since: yesterday\r\n" in server.requests[0]


def test_a_404_is_an_answer_not_an_error() -> None:
    with serving(answer(b"no", status="404 Not Found")) as server:
        assert egress.fetch(f"http://127.0.0.1:{server.port}/", policy=policy_for(server)).status == 404


def test_head_reads_no_body() -> None:
    with serving(answer(b"x" * 100)) as server:
        found = egress.fetch(f"http://127.0.0.1:{server.port}/", policy=policy_for(server), method="HEAD")
    assert (found.status, found.body) == (200, b"")


def test_what_is_not_json_is_a_bad_answer() -> None:
    with serving(answer(b"<html>")) as server:
        found = egress.fetch(f"http://127.0.0.1:{server.port}/", policy=policy_for(server))
    with pytest.raises(egress.EgressBadAnswer):
        found.json()


def test_credentials_stay_behind_when_a_redirect_leaves_the_origin() -> None:
    with serving(answer(b"end")) as second:
        location = f"http://127.0.0.1:{second.port}/next"
        with serving(answer(b"", status="302 Found", headers={"Location": location})) as first:
            found = egress.fetch(
                f"http://127.0.0.1:{first.port}/",
                policy=policy_for(first, second),
                headers={
                    "Authorization": "Bearer secret",
                    "X-API-Key": "secret",
                    "Cookie": "s=secret",
                    "Accept": "a/b",
                },
            )
    assert (found.body, found.url) == (b"end", location)
    assert b"secret" in first.requests[0]
    assert b"secret" not in second.requests[0]
    assert b"Accept: a/b" in second.requests[0]


def test_credentials_go_along_within_the_origin() -> None:
    def handle(connection, head: bytes) -> None:  # type: ignore[no-untyped-def]
        moved = head.startswith(b"GET /old")
        reply = answer(b"", status="301 Moved", headers={"Location": "/new"}) if moved else answer(b"here")
        reply(connection, head)

    with serving(handle) as server:
        found = egress.fetch(
            f"http://127.0.0.1:{server.port}/old", policy=policy_for(server), headers={"Authorization": "Bearer mine"}
        )
    assert found.body == b"here"
    assert b"Bearer mine" in server.requests[1]


def test_a_post_becomes_a_get_after_303_and_never_carries_data_elsewhere() -> None:
    with serving(answer(b"end")) as second:
        target = {"Location": f"http://127.0.0.1:{second.port}/"}
        with serving(answer(b"", status="303 See Other", headers=target)) as first:
            url = f"http://127.0.0.1:{first.port}/"
            assert egress.fetch(url, policy=policy_for(first, second), method="POST", body=b"data").body == b"end"
            assert second.requests[0].startswith(b"GET / ")
        with serving(answer(b"", status="307 Temporary Redirect", headers=target)) as first:
            url = f"http://127.0.0.1:{first.port}/"
            with pytest.raises(egress.EgressRefused):
                egress.fetch(url, policy=policy_for(first, second), method="POST", body=b"data")
        assert second.hits == 1


def test_redirects_end() -> None:
    with serving(answer(b"", status="302 Found", headers={"Location": "/again"})) as server:
        with pytest.raises(egress.EgressRefused, match="Too many redirects"):
            egress.fetch(f"http://127.0.0.1:{server.port}/", policy=policy_for(server, max_redirects=3))
        assert server.hits == 4


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "other"},
        {"Content-Length": "3"},
        {"Transfer-Encoding": "chunked"},
        {"Proxy-Authorization": "x"},
        {"X-A": "b\r\nC: d"},
    ],
)
def test_headers_that_would_reshape_the_request_are_refused(headers: dict[str, str]) -> None:
    with serving(answer()) as server:
        with pytest.raises(egress.EgressRefused):
            egress.fetch(f"http://127.0.0.1:{server.port}/", policy=policy_for(server), headers=headers)
        assert server.requests == []


@pytest.mark.parametrize("change", [{"hosts": ("other.example",)}, {"ports": (443,)}, {"schemes": ("https",)}])
def test_the_policy_decides_host_port_and_scheme(change: dict[str, tuple[object, ...]]) -> None:
    with serving(answer()) as server:
        with pytest.raises(egress.EgressRefused):
            egress.fetch(f"http://127.0.0.1:{server.port}/", policy=policy_for(server, **change))
        assert server.hits == 0


def test_suffixes_exact_names_and_the_operators_lists(settings) -> None:  # type: ignore[no-untyped-def]
    with serving(answer()) as server:
        hosts = ["example.org", "a.example.org", "notexample.org", "api.exact.org", "x.api.exact.org", "extra.net"]
        network = LoopbackNetwork({name: [["127.0.0.1"]] for name in hosts})
        policy = policy_for(server, network=network, hosts=(".example.org", "api.exact.org"))

        def is_reached(host: str) -> bool:
            try:
                return egress.fetch(f"http://{host}:{server.port}/", policy=policy).is_ok
            except egress.EgressRefused:
                return False

        assert [is_reached(host) for host in hosts] == [True, True, False, True, False, False]
        settings.EGRESS_ALLOWED_HOSTS, settings.EGRESS_DENIED_HOSTS = ["extra.net"], [".example.org"]
        assert [is_reached(host) for host in hosts] == [False, False, False, True, False, True]
        settings.EGRESS_ENABLED = False
        assert not any(is_reached(host) for host in hosts)


def test_a_file_is_streamed_and_resumed(tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000

    def handle(connection, head: bytes) -> None:  # type: ignore[no-untyped-def]
        if b"Range: bytes=100000-" in head:
            span = {"Content-Range": f"bytes 100000-{len(content) - 1}/{len(content)}"}
            answer(content[100_000:], status="206 Partial Content", headers=span)(connection, head)
        else:
            answer(content)(connection, head)

    seen: list[tuple[int, int | None]] = []
    path = tmp_path / "file.part"
    with serving(handle) as server:
        url, policy = f"http://127.0.0.1:{server.port}/file", policy_for(server)
        found = egress.fetch_to_file(url, policy=policy, path=path, on_progress=lambda *a: seen.append(a))
        assert (path.read_bytes(), found.size, found.body) == (content, len(content), b"")
        assert seen[-1] == (len(content), len(content))
        path.write_bytes(content[:100_000] + b"torn tail")
        assert egress.fetch_to_file(url, policy=policy, path=path, offset=100_000).status == 206
        assert path.read_bytes() == content
        # A server that ignores Range: the file starts anew and is not the sum of both.
        assert egress.fetch_to_file(url, policy=policy, path=path, offset=5).status == 200
        assert path.read_bytes() == content


def test_a_range_that_was_not_asked_for_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "file.part"
    path.write_bytes(b"0123456789")
    wrong = answer(b"x", status="206 Partial Content", headers={"Content-Range": "bytes 3-3/20"})
    with serving(wrong) as server, pytest.raises(egress.EgressBadAnswer):
        egress.fetch_to_file(f"http://127.0.0.1:{server.port}/", policy=policy_for(server), path=path, offset=10)
    assert path.read_bytes() == b"0123456789"


def test_the_environments_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer(b"proxy")) as proxy, serving(answer(b"direct")) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert egress.fetch(f"http://127.0.0.1:{server.port}/", policy=policy_for(server)).body == b"direct"
        assert proxy.hits == 0
