"""Threat 10: what a file inside a media file calls itself decides no name on our disk."""

import hashlib
from pathlib import Path

import pytest

from downloads.fetching.contract import FetchedTrack
from downloads.media.probing import probe
from downloads.media.remuxing import remux
from downloads.media.subtitles import subtitles_extract
from downloads.tests.media_files import MediaFiles, media_files  # noqa: F401 — a fixture

pytestmark = pytest.mark.once

NAMES = (
    "../../../escaped.ttf",
    "/tmp/escaped.ttf",
    "..\\..\\escaped.ttf",
    "-y",
    "con.ttf",
    "a\nb.ttf",
    "file:x.ttf",
    "",
)


def crafted(media_files: MediaFiles, folder: Path) -> Path:  # noqa: F811
    """A Matroska file with an ASS and an attachment for each of the names, every one a font of another content."""
    arguments = ["-i", str(media_files.mp4), "-i", str(media_files.ass), "-map", "0", "-map", "1", "-c", "copy"]
    for number, name in enumerate(NAMES):
        font = folder / f"f{number}.ttf"
        font.write_bytes(b"\0\1\0\0" + bytes([number]) * 40)
        arguments += ["-attach", str(font), f"-metadata:s:t:{number}", "mimetype=font/ttf"]
        arguments += [f"-metadata:s:t:{number}", f"filename={name or 'x.ttf'}"]
    program = folder / "program.exe"
    program.write_bytes(b"MZ" + bytes(100))
    number = len(NAMES)
    arguments += ["-attach", str(program), f"-metadata:s:t:{number}", "mimetype=font/ttf"]
    arguments += [f"-metadata:s:t:{number}", "filename=../program.ttf"]
    return media_files.make("crafted.mkv", *arguments, "-f", "matroska")


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_attachments_get_names_of_ours(media_files: MediaFiles, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "sources").mkdir()
    path = crafted(media_files, tmp_path / "sources")
    out = tmp_path / "a" / "b" / "out"
    out.mkdir(parents=True)
    before = tree(tmp_path)
    texts = subtitles_extract(path, out)
    # all that is a font, under a number; what only says that it is one is gone
    assert [font.name for font in texts.fonts] == [f"font-{number:03d}.ttf" for number in range(len(NAMES))]
    assert sorted(found.name for found in out.iterdir()) == ["00.ass", "00.vtt", *(font.name for font in texts.fonts)]
    after = tree(tmp_path)
    assert {name: value for name, value in after.items() if not name.startswith("a/b/out/")} == before


def test_joining_renames_them(media_files: MediaFiles, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "sources").mkdir()
    path = crafted(media_files, tmp_path / "sources")
    out = tmp_path / "out"
    remux([FetchedTrack("muxed", "matroska", (path,))], out / "joined.mkv", container="mkv")
    named = [stream.title for stream in probe(out / "joined.mkv").of_kind("attachment")]
    assert named == [f"font-{number:03d}.ttf" for number in range(len(NAMES) + 1)]
    assert [found.name for found in out.iterdir()] == ["joined.mkv"]
