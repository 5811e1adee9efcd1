"""Threat 35: SVG is refused, a pixel bomb costs neither memory nor time, and what a camera wrote about its owner is gone."""

import gzip
import io
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from core.errors import DomainError
from core.media import images
from core.media.decoding import MAX_SOURCE_BYTES
from core.media.errors import ImageTooLarge, ImageUnreadable
from core.models import StoredImage
from core.tests.media.pictures import picture

ROOT = Path(__file__).resolve().parents[2]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _media(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path / "media"


def png_bomb(side: int) -> bytes:
    """A true PNG of side x side black pixels, one bit each."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (side + 7) // 8)
    body = b"".join(packer.compress(row * 100) for _turn in range(side // 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.django_db
def test_a_pixel_bomb_is_refused_before_decoding() -> None:
    bomb = png_bomb(30_000)
    assert len(bomb) < 1_000_000
    before = time.monotonic()
    with pytest.raises(ImageTooLarge) as caught:
        images.image_store(file=bomb, purpose="avatar")
    assert time.monotonic() - before < 0.5
    assert (caught.value.status, caught.value.code) == (400, "image_too_large")
    assert not StoredImage.objects.exists()


@pytest.mark.once  # a process of its own, without a database
def test_a_pixel_bomb_costs_under_100_mb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_bomb(30_000))
    program = f"""
import os, resource, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from core.media.decoding import image_decoded
from core.media.errors import ImageTooLarge
from pathlib import Path
data = Path({str(path)!r}).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    image_decoded(data, wanted_side=256)
except ImageTooLarge:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert int(done.stdout) < 100 * 1024, "kilobytes"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["WEBP", "GIF", "PNG", "JPEG"])
def test_a_header_that_claims_too_much_is_refused_in_every_format(kind: str) -> None:
    data = bytearray(picture(kind, (64, 64)))
    huge = 16_000
    if kind == "WEBP":
        # 14-bit sizes of the lossy format
        assert data[12:16] == b"VP8 "
        data[26:30] = struct.pack("<HH", huge, huge)
    elif kind == "GIF":
        data[6:10] = struct.pack("<HH", huge, huge)
    elif kind == "PNG":
        header = b"IHDR" + struct.pack(">II", huge, huge) + data[24:29]
        data[12:33] = header + struct.pack(">I", zlib.crc32(header))
    else:
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", huge, huge)
    with pytest.raises(ImageTooLarge):
        images.image_store(file=bytes(data), purpose="poster")


def test_too_many_bytes_are_not_read() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert size >= 0
            self.taken += size
            return b"\xff" * size

    endless = Endless()
    with pytest.raises(ImageTooLarge):
        images.image_store(file=endless, purpose="poster")  # type: ignore[arg-type]
    assert endless.taken == MAX_SOURCE_BYTES + 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b"\xef\xbb\xbf<?xml version='1.0'?>" + SVG,
        gzip.compress(SVG),
        b"<html><script>alert(1)</script>",
        b"",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n" + SVG,
        b"\xff\xd8\xff" + SVG,
        b"RIFF\x00\x00\x00\x00WEBPVP8X",
        b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf" + SVG,
        b"BM" + b"\x00" * 100,
        b"II*\x00" + b"\x00" * 100,
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        picture("BMP"),
        picture("TIFF"),
        picture("ICO", (64, 64)),
        picture("PNG")[:-40],
        picture("JPEG", (300, 300))[:400],
    ],
)
def test_everything_but_the_five_formats_is_refused(data: bytes) -> None:
    with pytest.raises(ImageUnreadable) as caught:
        images.image_store(file=data, purpose="avatar")
    assert isinstance(caught.value, DomainError)
    assert (caught.value.status, caught.value.code) == (400, "image_unreadable")
    assert not StoredImage.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_place_camera_comments_and_profiles_are_gone(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CAMERA-MAKER"
    exif.get_ifd(0x8825)[2] = (55.0, 45.0, 20.0)  # GPS latitude
    exif.get_ifd(0x8825)[1] = "N"
    extra = {} if kind in ("AVIF", "PNG") else {"xmp": b"<x:xmpmeta>OWNER-NAME</x:xmpmeta>"}
    data = picture(kind, (300, 300), exif=exif, icc_profile=b"PROFILE-OF-A-SCREEN" * 20, **extra)
    data += b"TRAILING-PAYLOAD<script>alert(1)</script>"
    assert b"CAMERA-MAKER" in data
    stored = images.image_store(file=data, purpose="avatar")
    names = images.image_files(stored)
    assert len(names) == 6
    for name in names:
        with default_storage.open(name) as file:
            content = file.read()
        for secret in (b"CAMERA-MAKER", b"OWNER-NAME", b"PROFILE-OF-A-SCREEN", b"<script>", b"Exif", b"ICCP", b"XMP "):
            assert secret not in content
        image = Image.open(io.BytesIO(content))
        assert not image.getexif()
        assert not image.info.get("icc_profile")


@pytest.mark.django_db
def test_names_are_made_of_hashes_alone() -> None:
    file = io.BytesIO(picture())
    file.name = "../../etc/cron.d/<script>.svg"
    stored = images.image_store(file=file, purpose="poster")
    for name in images.image_files(stored):
        folder, purpose, prefix, leaf = name.split("/")
        assert (folder, purpose, prefix) == ("images", "poster", stored.sha256[:2])
        assert leaf.replace("-", "").rpartition(".")[0].isalnum()
        assert leaf.endswith((".avif", ".webp"))
