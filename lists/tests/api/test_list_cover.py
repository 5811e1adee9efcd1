"""`/api/uploads/list-cover`: what is taken as a cover, and what is left of it."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from accounts.tests.factories import UserFactory
from core.models import StoredImage
from core.tests.media.pictures import picture
from lists.services.collection_covers import COVER_MAX_BYTES

pytestmark = pytest.mark.django_db
URL = "/api/uploads/list-cover"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def user() -> User:
    return UserFactory.create()


def send(user: User | None, data: bytes, name: str = "cover.png") -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.post(URL, {"file": SimpleUploadedFile(name, data)})


def test_a_cover_is_sent_and_shown(user: User) -> None:
    answer = send(user, picture(size=(800, 400)), "../../etc/passwd.exe")
    found = answer.json()
    assert (answer.status_code, found["width"], found["height"]) == (201, 800, 400)
    image = StoredImage.objects.get()
    assert (str(image.pk), image.owner, image.purpose) == (found["id"], user, "cover")
    assert found["url"].startswith("/media/images/cover/")
    client = Client()
    client.force_login(user)
    body = {"title": "x", "cover_id": found["id"]}
    assert client.post("/api/v1/collections", body, content_type="application/json").json()["cover_id"] == found["id"]
    client.force_login(UserFactory.create())
    assert client.post("/api/v1/collections", body, content_type="application/json").status_code == 422


def test_a_stranger_sends_nothing() -> None:
    assert send(None, picture()).status_code == 401
    assert not StoredImage.objects.exists()


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (SVG, "cover.svg", 400, "image_unreadable"),
        (SVG, "cover.png", 400, "image_unreadable"),
        (b"GIF89a" + b"\0" * 50, "cover.gif", 400, "image_unreadable"),
        (b"<html>", "cover.jpg", 400, "image_unreadable"),
        (b"\xff" * (COVER_MAX_BYTES + 1), "cover.jpg", 413, "payload_too_large"),
        (b"\xff" * (COVER_MAX_BYTES * 2), "cover.jpg", 413, "payload_too_large"),
        (b"", "cover.jpg", 422, "validation_failed"),
    ],
)
def test_what_is_no_raster_of_5_mb_is_refused(user: User, data: bytes, name: str, status: int, code: str) -> None:
    answer = send(user, data, name)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert not StoredImage.objects.exists()


def test_a_pixel_bomb_is_refused(user: User) -> None:
    """Threat 35: a header that promises 30,000 pixels a side; nothing of it is decoded."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 3_000_000, 9)) + chunk(b"IEND", b"")
    answer = send(user, bomb)
    assert (answer.status_code, answer.json()["error"]) == (400, "image_too_large")


def test_where_it_was_taken_is_gone(user: User) -> None:
    image, out = Image.new("RGB", (400, 300), (9, 120, 9)), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CAMERA OF SOMEBODY"
    exif.get_ifd(0x8825)[1] = "N"
    image.save(out, "JPEG", exif=exif, comment=b"SECRET PLACE")
    assert b"CAMERA OF SOMEBODY" in out.getvalue()
    assert send(user, out.getvalue(), "photo.jpg").status_code == 201
    for formats in StoredImage.objects.get().variants.values():
        for name in formats.values():
            stored = default_storage.open(name).read()
            assert b"CAMERA" not in stored
            assert b"SECRET" not in stored
            assert not Image.open(io.BytesIO(stored)).getexif()
