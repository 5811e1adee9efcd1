"""Threat 36, at the door of list files: bombs are refused in < 100 ms of processor time with flat memory, and change nothing."""

import gzip
import io
import os
import time
import tracemalloc
import zipfile
import zlib

import pytest

from core.errors import DomainError
from lists.importing.errors import ListFileTooLarge, ListFileUnreadable, ListFileUnsafe
from lists.importing.reading import list_read
from lists.importing.unpacking import PACKED_LIMIT

pytestmark = pytest.mark.once

MIB = 1024 * 1024
SECONDS, MEMORY = 0.1, 32 * MIB
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_HEAD = b'<?xml version="1.0"?>'


def refusal(data: bytes, error: type[DomainError]) -> str:
    """The file is refused with `error`, quickly (the best of three) and without the memory it asks for; the error's code."""
    spent = []
    for _ in range(3):
        started = time.process_time()
        with pytest.raises(error) as caught:
            list_read(file=io.BytesIO(data))
        spent.append(time.process_time() - started)
    assert caught.value.code in ("list_file_unsafe", "list_file_too_large", "list_file_unreadable")
    assert min(spent) < SECONDS
    tracemalloc.start()
    with pytest.raises(error):
        list_read(file=io.BytesIO(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEMORY
    return caught.value.code


def zipped(*names: str, content: bytes = b"<myanimelist/>", **attributes: int) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
            archive.writestr(info, content)
    return data.getvalue()


def gzip_bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b" " * MIB) for _ in range(size // MIB)) + packer.flush()


@pytest.mark.parametrize(
    "document",
    [
        f'<!DOCTYPE x [<!ENTITY l0 "lol">{_LAUGHS}]><myanimelist><anime>&l9;</anime></myanimelist>'.encode(),
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><myanimelist><anime>&f;</anime></myanimelist>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><myanimelist/>',
        b"<!DOCTYPE myanimelist><myanimelist/>",
        b'<!DOCTYPE x [<!ENTITY % p "q">]><myanimelist/>',
        b"<myanimelist>" + b"<a>" * 500_000,
        b"<myanimelist><anime>" + b"".join(b"<f%d/>" % n for n in range(50_000)),
        b"<myanimelist><anime " + b" ".join(b'a%d=""' % n for n in range(600_000)),
    ],
    ids=["laughs", "file", "outside", "dtd", "parameter", "depth", "fields", "attributes"],
)
@pytest.mark.parametrize("packing", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_xml_that_is_built_to_do_harm(document: bytes, packing) -> None:
    assert refusal(packing(_HEAD + document), ListFileUnsafe) == "list_file_unsafe"


def test_gzip_bombs() -> None:
    assert refusal(gzip_bomb(256 * MIB), ListFileUnsafe) == "list_file_unsafe"


def test_zip_bombs_and_slips() -> None:
    assert refusal(zipped("list.xml", content=b" " * (90 * MIB)), ListFileUnsafe) == "list_file_unsafe"
    assert refusal(zipped("list.xml", content=b" " * (101 * MIB)), ListFileUnsafe) == "list_file_unsafe"
    assert refusal(zipped("../list.xml"), ListFileUnsafe) == "list_file_unsafe"
    assert refusal(zipped("/etc/list.xml"), ListFileUnsafe) == "list_file_unsafe"
    assert (
        refusal(zipped("link.xml", external_attr=0o120777 << 16, create_system=3), ListFileUnsafe) == "list_file_unsafe"
    )
    assert refusal(zipped(*[f"{number}.xml" for number in range(2_000)]), ListFileUnsafe) == "list_file_unsafe"
    assert refusal(zipped("a.xml", "b.xml"), ListFileUnreadable) == "list_file_unreadable"
    assert refusal(zipped("inner.zip", content=zipped("a.xml")), ListFileUnreadable) == "list_file_unreadable"


def test_a_zip_that_lies_about_its_size() -> None:
    honest = zipped("list.xml", content=b" " * (40 * MIB))
    lying = honest.replace((40 * MIB).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    refusal(lying, DomainError)


def test_json_that_would_grow() -> None:
    assert refusal(b"[" + b"[]," * 4_000_000 + b"[]]", ListFileTooLarge) == "list_file_too_large"
    assert refusal(b"[" * 100_000, ListFileUnreadable) == "list_file_unreadable"
    assert refusal(b'{"a":' * 100_000, ListFileUnreadable) == "list_file_unreadable"


def test_more_than_is_taken() -> None:
    assert refusal(b"<" + b" " * PACKED_LIMIT, ListFileTooLarge) == "list_file_too_large"
    noise = io.BytesIO()
    with gzip.GzipFile(fileobj=noise, mode="wb", compresslevel=1) as packed:
        block = os.urandom(4096)
        for _ in range(110 * MIB // (16 * 4096)):
            packed.write(block + block * 15)
    with pytest.raises((ListFileTooLarge, ListFileUnsafe)):
        list_read(file=io.BytesIO(noise.getvalue()))


def test_too_many_lines() -> None:
    with pytest.raises(ListFileTooLarge):
        list_read(file=io.BytesIO(b"<myanimelist>" + b"<anime/>" * 100_001 + b"</myanimelist>"))
    with pytest.raises(ListFileTooLarge):
        list_read(file=io.BytesIO(b"media_id,media_type,title,status\n" + b"1,anime,x,y\n" * 100_001))
