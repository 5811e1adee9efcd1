"""Texts, fonts and pictures are taken out of files."""

from pathlib import Path

import pytest
from PIL import Image

from downloads.errors import MediaBroken
from downloads.media.subtitles import subtitles_extract
from downloads.media.thumbnails import picture_times, thumbnails_make
from downloads.tests.media_files import FONT, MediaFiles

pytestmark = pytest.mark.once


def test_texts_and_fonts(media_files: MediaFiles, tmp_path: Path) -> None:
    texts = subtitles_extract(media_files.mkv, tmp_path)
    told = [(f.path.name, f.format, f.language, f.is_default, f.is_forced) for f in texts.files]
    assert told == [
        ("00.vtt", "vtt", "de", True, False),
        ("00.ass", "ass", "de", True, False),
        ("01.vtt", "vtt", "en", False, True),
    ]
    assert "Fett" in (tmp_path / "00.vtt").read_text()
    assert "{\\b1}Fett{\\b0} und, Komma" in (tmp_path / "00.ass").read_text()
    assert (
        "00:00.946\nHallo <i>Welt</i>" in (tmp_path / "01.vtt").read_text()
    )  # the file begins with 46 ms of AAC's lead-in
    assert [(font.name, font.read_bytes()) for font in texts.fonts] == [("font-000.ttf", FONT)]


def test_a_file_without_texts(media_files: MediaFiles, tmp_path: Path) -> None:
    assert subtitles_extract(media_files.mp4, tmp_path).files == ()
    assert list(tmp_path.iterdir()) == []


def test_pictures(media_files: MediaFiles, tmp_path: Path) -> None:
    made = thumbnails_make(media_files.mp4, tmp_path, every=0.5)
    assert made.count == 4
    with Image.open(tmp_path / "000.webp") as sheet:
        assert sheet.size == (1600, 90)
        assert len(set(sheet.convert("L").crop((0, 0, 640, 90)).getdata())) > 20
    track = made.track.read_text()
    assert "00:00:00.500 --> 00:00:01.000\n000.webp#xywh=160,0,160,90" in track
    assert track.count("-->") == 4


def test_pictures_within_a_size(media_files: MediaFiles, tmp_path: Path) -> None:
    whole = thumbnails_make(media_files.mp4, tmp_path, every=0.25)
    less = thumbnails_make(media_files.mp4, tmp_path, every=0.25, max_bytes=whole.size * 2 // 3)
    assert less.size <= whole.size * 2 // 3
    with pytest.raises(MediaBroken):
        thumbnails_make(media_files.mp4, tmp_path, max_bytes=10)
    with pytest.raises(MediaBroken):
        thumbnails_make(media_files.audio, tmp_path)


def test_times_of_pictures() -> None:
    assert picture_times(35, 10) == [5, 15, 25, 34.9]
    assert picture_times(0.1, 10) == [0]
    assert len(picture_times(1440, 10)) == 144
