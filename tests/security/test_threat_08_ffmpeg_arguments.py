"""Threat 8: titles, names and paths that look like options of ffmpeg are taken literally or refused; they are never options."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.tests.egress.servers import Server, answer, serving
from downloads.errors import RemuxFailed
from downloads.fetching.contract import FetchedTrack
from downloads.media.info import Chapter
from downloads.media.probing import probe
from downloads.media.remuxing import remux
from downloads.media.tags import Metadata
from downloads.tests.media_files import MediaFiles, media_files  # noqa: F401 — a fixture

pytestmark = pytest.mark.once

TEXTS = (
    "-y",
    "-i /etc/passwd",
    "1 -i /etc/passwd",
    "\n[STREAM]\ntitle=other",
    "a=b;c#d\\e\\",
    "$(touch pwned) `touch pwned` | ; & > pwned",
    "%s%n{0}{title}",
    "\u202egnp.exe 🎬 \ud83c",
)


@pytest.fixture
def canary() -> Iterator[Server]:
    with serving(answer(b"secret")) as server:
        yield server


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_texts_are_literal(media_files: MediaFiles, tmp_path: Path, container: str) -> None:  # noqa: F811
    for text in TEXTS if container == "mp4" else TEXTS[:4]:
        target = tmp_path / f"out.{container}"
        track = FetchedTrack("muxed", "mpegts", (media_files.ts,), language=text, name=text)
        metadata = Metadata(title=text, show=text, description=text)
        remux([track], target, container=container, chapters=[Chapter(0, 1, text)], metadata=metadata)
        info = probe(target)
        literal = text.encode("utf-8", "ignore").decode()
        tags = dict(info.tags)
        assert [tags.get(name) for name in ("title", "show", "description")] == [literal] * 3, tags
        assert info.chapters[0].title == literal
        assert info.of_kind("audio")[0].title == literal
        assert info.of_kind("audio")[0].language == ""
        assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_paths_are_literal(media_files: MediaFiles, tmp_path: Path, canary: Server) -> None:  # noqa: F811
    address = f"http:/127.0.0.1:{canary.port}/x.ts"
    names = ["-y", "concat:a.ts|b.ts", "pipe:0", "a\nfile b.ts", "it's %03d.ts"]
    for name in [*names, address]:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(media_files.ts.read_bytes())
        target = tmp_path / "out" / f"{path.name}.mp4"
        remux([FetchedTrack("muxed", "mpegts", (path, path))], target)
        assert probe(target).duration == pytest.approx(4, abs=0.4), name
        assert [found.name for found in target.parent.iterdir()] == [target.name]
        target.unlink()
    assert canary.hits == 0


def test_a_container_is_one_of_two(media_files: MediaFiles, tmp_path: Path) -> None:  # noqa: F811
    for container in ("mp4 -i /etc/passwd", "", "-y", "hls", "tee", "mkv\n"):
        with pytest.raises(RemuxFailed):
            remux([FetchedTrack("muxed", "mpegts", (media_files.ts,))], tmp_path / "out", container=container)
    assert list(tmp_path.iterdir()) == []
