"""Threat 36: archives and XML that expand, lie or climb are refused while reading, with 400 and little memory."""

import gzip
import io
import struct
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from core.archives import ZipLimits, open_capped, xml_read, zip_extract, zip_files
from core.errors import DomainError
from core.media.errors import ArchiveRefused

pytestmark = pytest.mark.once

SMALL = ZipLimits(max_files=10, max_file_bytes=1_000_000, max_total_bytes=2_000_000)


def zipped(files: dict[str, bytes], **attributes: int) -> io.BytesIO:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
            archive.writestr(info, content)
    data.seek(0)
    return data


def drained(stream: BinaryIO) -> None:
    while stream.read(65_536):
        pass


def refused(data: io.BytesIO, into: Path) -> DomainError:
    before = sorted(into.parent.rglob("*"))
    with pytest.raises(DomainError) as caught:
        zip_extract(data, into=into, limits=SMALL)
    assert caught.value.status == 400
    assert sorted(into.parent.rglob("*")) == before
    return caught.value


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def test_honest_files_are_read(tmp_path: Path, into: Path) -> None:
    (tmp_path / "plain").write_bytes(b"lines\n" * 10)
    (tmp_path / "packed.gz").write_bytes(gzip.compress(b"lines\n" * 10) + gzip.compress(b"more\n"))
    with open_capped(tmp_path / "plain", max_bytes=100) as stream:
        assert list(stream) == [b"lines\n"] * 10
    with open_capped(tmp_path / "packed.gz", max_bytes=65) as stream:
        assert stream.read() == b"lines\n" * 10 + b"more\n"
    written = zip_extract(zipped({"a.txt": b"a", "b/c.txt": b"c"}), into=into, limits=SMALL)
    assert [path.read_bytes() for path in written] == [b"a", b"c"]
    with open_capped(io.BytesIO(b""), max_bytes=1) as stream:
        assert stream.read() == b""


def test_a_gzip_bomb_stops_at_the_cap_in_little_memory() -> None:
    bomb = io.BytesIO(gzip.compress(b"\0" * 300_000_000, 9))
    tracemalloc.start()
    try:
        with open_capped(bomb, max_bytes=10_000_000) as stream, pytest.raises(ArchiveRefused) as caught:
            drained(stream)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert caught.value.status == 400


@pytest.mark.parametrize("data", [b"\x1f\x8bgarbage", gzip.compress(b"x" * 1000)[:-12], b"\x1f\x8b"])
def test_damaged_gzip_is_refused(data: bytes) -> None:
    with open_capped(io.BytesIO(data), max_bytes=10_000) as stream, pytest.raises(ArchiveRefused):
        stream.read()


def test_one_byte_over_the_cap_is_refused() -> None:
    assert open_capped(io.BytesIO(b"x" * 100), max_bytes=100).read() == b"x" * 100
    with pytest.raises(ArchiveRefused):
        open_capped(io.BytesIO(b"x" * 101), max_bytes=100).read()


def test_a_zip_bomb_is_refused(into: Path) -> None:
    refused(zipped({"zeros": b"\0" * 50_000_000}), into)
    refused(zipped({f"zeros{n}": b"\0" * 900_000 for n in range(3)}), into)
    refused(zipped({f"f{n}": b"" for n in range(11)}), into)
    assert list(into.iterdir()) == []


def test_forged_sizes_do_not_help(into: Path) -> None:
    raw = bytearray(zipped({"zeros": b"\0" * 50_000_000}).getvalue())
    true = struct.pack("<I", 50_000_000)
    assert raw.count(true) == 2, "local header and directory"
    forged = io.BytesIO(bytes(raw).replace(true, struct.pack("<I", 10)))
    refused(forged, into)


def test_the_total_is_counted_over_files() -> None:
    files = {f"f{n}": b"x" * 600_000 for n in range(4)}
    exact = ZipLimits(max_files=4, max_file_bytes=600_000, max_total_bytes=2_400_000)
    assert [len(stream.read()) for _name, stream in zip_files(zipped(files), limits=exact)] == [600_000] * 4
    for narrow in (
        replace(exact, max_files=3),
        replace(exact, max_file_bytes=599_999),
        replace(exact, max_total_bytes=2_399_999),
    ):
        with pytest.raises(ArchiveRefused):
            [stream.read() for _name, stream in zip_files(zipped(files), limits=narrow)]


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/x", "..\\x", "a\\..\\..\\x", "C:/x", "C:x", "..", "a\x00b"]
)
def test_zip_slip_is_refused(into: Path, name: str) -> None:
    data = zipped({"placeholder": b"x"}).getvalue()
    forged = name.ljust(11, "_") if len(name) <= 11 and name not in ("..",) else None
    made = zipped({name: b"x"}) if forged is None else io.BytesIO(data.replace(b"placeholder", forged.encode()))
    assert isinstance(refused(made, into), ArchiveRefused)
    assert list(into.iterdir()) == []


def test_links_and_encrypted_entries_are_refused(into: Path) -> None:
    link = zipped({"link": b"/etc/passwd"}, external_attr=0o120777 << 16, create_system=3)
    raw = bytearray(zipped({"locked": b"x"}).getvalue())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    for made in (link, io.BytesIO(bytes(raw))):
        assert isinstance(refused(made, into), ArchiveRefused)
    assert list(into.iterdir()) == []


def test_an_existing_file_is_not_overwritten(into: Path) -> None:
    (into / "a.txt").write_bytes(b"mine")
    refused(zipped({"b.txt": b"theirs", "a.txt": b"theirs"}), into)
    assert (into / "a.txt").read_bytes() == b"mine"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a zip" * 100, zipped({"a": b"x" * 100}).getvalue()[:-10]])
def test_damaged_zips_are_refused(into: Path, data: bytes) -> None:
    assert isinstance(refused(io.BytesIO(data), into), ArchiveRefused)


LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><l>&j;</l>"
)


@pytest.mark.parametrize(
    "document",
    [
        LAUGHS,
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/">%p;]><x/>',
        b"<x>",
        b"",
        b"<x>" * 100_000,
        b'<?xml version="1.0" encoding="nonsense"?><x/>',
        b"<x>" + b"a" * 2_000_000 + b"</x>",
    ],
)
def test_xml_bombs_and_outside_references_are_refused(document: bytes) -> None:
    with pytest.raises(ArchiveRefused) as caught:
        xml_read(document, max_bytes=1_000_000)
    assert caught.value.status == 400


def test_honest_xml_is_read() -> None:
    root = xml_read("<myanimelist><anime><title>鬼滅</title></anime></myanimelist>".encode(), max_bytes=1000)
    assert root.findtext("anime/title") == "鬼滅"
