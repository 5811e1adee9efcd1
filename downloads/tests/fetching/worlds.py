"""Small streams without ffmpeg, and a host and a policy to fetch them by."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.egress import Policy
from core.tests.egress.servers import LoopbackNetwork
from downloads.fetching.contract import Fetched, FetchRequest, Progress
from downloads.fetching.engine import fetch
from downloads.tests.stream_host import StreamHost

PACKET = 188


def transport(number: int, packets: int = 40) -> bytes:
    """A segment that looks like MPEG-TS, another one for each number."""
    stuff = hashlib.sha256(str(number).encode()).digest() * 6
    return (b"\x47" + stuff[: PACKET - 1]) * packets


def listed(names: list[str], *, tags: dict[int, str] | None = None, end: str = "#EXT-X-ENDLIST") -> bytes:
    """A media playlist of segments of four seconds; `tags` stand before the segments of these numbers."""
    lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:4"]
    for number, name in enumerate(names):
        lines += [*filter(None, [(tags or {}).get(number, "")]), "#EXTINF:4,", name]
    return "\n".join([*lines, end]).encode()


def stream_put(host: StreamHost, name: str = "s", count: int = 12, **options: Any) -> bytes:
    """Put a stream of transport segments on the host; what its one part must be."""
    pieces = [transport(number) for number in range(count)]
    for number, piece in enumerate(pieces):
        host.files[f"{name}/{number}.ts"] = piece
    host.files[f"{name}/list.m3u8"] = listed([f"{number}.ts" for number in range(count)], **options)
    return b"".join(pieces)


def policy_of(*ports: int, **changes: Any) -> Policy:
    """Reaches 127.0.0.1 at these ports, as `hosts.stream_policy` reaches the world."""
    values: dict[str, Any] = {
        "hosts": ("127.0.0.1",),
        "ports": ports,
        "network": LoopbackNetwork(),
        "rates": (),
        "max_bytes": 2**32,
        "total_seconds": 60.0,
        "idle_seconds": 1.0,
        "max_wait": 5.0,
    }
    return Policy(**{**values, **changes})


def fetched(
    host: StreamHost,
    path: str,
    folder: Path,
    *,
    kind: str = "hls",
    faults: dict[str, object] | None = None,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    **options: Any,
) -> Fetched:
    """Fetch a path of the host, which has these faults from now on."""
    host.behave(**(faults or {}))
    request = FetchRequest(url=host.url(path), kind=kind, folder=folder, policy=policy_of(host.port), **options)
    return fetch(request, on_progress=on_progress)


def content(found: Fetched, track: int = 0) -> list[bytes]:
    """What is in the parts of a track."""
    return [part.read_bytes() for part in found.tracks[track].parts]
