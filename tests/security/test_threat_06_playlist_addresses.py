"""Threat 6: addresses inside playlists lead nowhere that the policy does not allow."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache

from core.egress import EgressRefused, Policy
from core.errors import DomainError
from core.tests.egress.servers import LoopbackNetwork, Server, answer, serving
from downloads.errors import PlaylistInvalid
from downloads.fetching import parallel
from downloads.fetching.contract import FetchRequest
from downloads.fetching.engine import fetch
from downloads.tests.fetching.worlds import listed, policy_of, transport
from downloads.tests.stream_host import StreamHost

pytestmark = pytest.mark.once

# The "public" host of these tests listens here; 127.0.0.1, where the canary sits, stays private.
PUBLIC = "127.0.0.2"


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    cache.clear()
    monkeypatch.setattr(parallel, "FIRST_PAUSE", 0.01)
    with serving(answer(b"k" * 16)) as server:
        yield server


def policy(host: StreamHost, canary: Server) -> Policy:
    """Allows every host and both ports: the address alone is what is wrong."""
    network = LoopbackNetwork({"cdn.example": [[PUBLIC]], "inside.example": [["127.0.0.1"]]}, allowed={PUBLIC})
    return replace(policy_of(host.port, canary.port), hosts=("*",), network=network)


PLAYLISTS = {
    "segment": listed(["0.ts", "{bad}/1.ts"]),
    "key": listed(["0.ts"], tags={0: '#EXT-X-KEY:METHOD=AES-128,URI="{bad}/key"'}),
    "map": listed(["0.ts"], tags={0: '#EXT-X-MAP:URI="{bad}/init.mp4"'}),
    "variant": b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{bad}/list.m3u8\n",
    "sound": b'#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="n",URI="{bad}/a.m3u8"\n'
    b'#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"\ngood.m3u8\n',
    "text": b'#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="a",NAME="n",URI="{bad}/a.m3u8"\n'
    b'#EXT-X-STREAM-INF:BANDWIDTH=1,SUBTITLES="a"\ngood.m3u8\n',
    "variable": b'#EXTM3U\n#EXT-X-DEFINE:NAME="x",VALUE="{bad}"\n#EXTINF:4,\n{$x}/0.ts\n#EXT-X-ENDLIST\n',
}
ADDRESSES = (
    "http://127.0.0.1:{port}",
    "http://inside.example:{port}",
    "http://[::ffff:127.0.0.1]:{port}",
    "http://2130706433:{port}",
)


@pytest.mark.parametrize("place", list(PLAYLISTS))
def test_the_canary_in_a_playlist_gets_no_hit(place: str, canary: Server, tmp_path: Path) -> None:
    for number, address in enumerate(ADDRESSES):
        bad = address.format(port=canary.port).encode()
        with StreamHost({}, address=PUBLIC) as host:
            host.files |= {
                "list.m3u8": PLAYLISTS[place].replace(b"{bad}", bad),
                "good.m3u8": listed(["0.ts"]),
                "0.ts": transport(0),
            }
            url = f"http://cdn.example:{host.port}/list.m3u8"
            request = FetchRequest(url=url, kind="hls", folder=tmp_path / str(number), policy=policy(host, canary))
            with pytest.raises(EgressRefused):
                fetch(request, on_progress=lambda _progress: None)
            assert host.hits["list.m3u8"] == 1
        assert canary.hits == 0, bad


@pytest.mark.parametrize("scheme", ["file:///etc/passwd", "data:text/plain,x", "concat:/etc/passwd|x", "gopher://x/"])
@pytest.mark.parametrize("place", ["segment", "key", "map", "variant"])
def test_other_schemes_are_refused_before_anything_is_fetched(
    scheme: str, place: str, canary: Server, tmp_path: Path
) -> None:
    with StreamHost({}, address=PUBLIC) as host:
        host.files |= {"list.m3u8": PLAYLISTS[place].replace(b"{bad}", scheme.encode()), "0.ts": transport(0)}
        url = f"http://cdn.example:{host.port}/list.m3u8"
        request = FetchRequest(url=url, kind="hls", folder=tmp_path, policy=policy(host, canary))
        with pytest.raises(PlaylistInvalid):
            fetch(request, on_progress=lambda _progress: None)
        assert host.hits.total() == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["list.m3u8", "0.ts", "film.mp4"])
def test_redirects_of_playlists_segments_and_files_lead_to_no_canary(name: str, canary: Server, tmp_path: Path) -> None:
    moved = answer(b"", status="302 Found", headers={"Location": f"http://127.0.0.1:{canary.port}/"})
    kind = "mp4" if name == "film.mp4" else "hls"
    with serving(moved, address=PUBLIC) as mover, StreamHost({}, address=PUBLIC) as host:
        host.files["list.m3u8"] = listed([f"http://cdn.example:{mover.port}/0.ts"])
        port = host.port if name == "0.ts" else mover.port
        rules = policy(host, canary)
        rules = replace(rules, ports=(*rules.ports, mover.port))
        url = f"http://cdn.example:{port}/{'list.m3u8' if name == '0.ts' else name}"
        with pytest.raises(DomainError) as caught:
            fetch(FetchRequest(url=url, kind=kind, folder=tmp_path, policy=rules), on_progress=lambda _progress: None)
        assert caught.value.code == "egress_refused"
        assert mover.hits == 1
    assert canary.hits == 0
