"""Threat 35 at the door of posts: bombs and SVG are refused before they cost anything, what a camera wrote is gone."""

import io
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.tests.factories import UserFactory
from core.media.images import image_files
from core.models import StoredImage
from core.tests.media.pictures import picture
from social.models import PostImage
from tests.security.test_threat_35_pictures import SVG, png_bomb

pytestmark = pytest.mark.django_db
GPS = 0x8825


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client() -> Client:
    found = Client()
    found.force_login(UserFactory.create())
    return found


def send(client: Client, data: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> Any:
    return client.post("/api/v1/posts/images", {"file": SimpleUploadedFile(name, data, content_type=kind)})


def test_a_pixel_bomb_is_refused_at_once(client: Client) -> None:
    bomb = png_bomb(30_000)
    started = time.thread_time()
    answer = send(client, bomb, "cute.png", "image/png")
    assert time.thread_time() - started < 0.5
    assert (answer.status_code, answer.json()["error"]) == (400, "image_too_large")
    assert not StoredImage.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b"\xff\xd8\xff" + SVG,
        b"GIF89a" + SVG,
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"MZ" + b"\0" * 200,
        picture()[:200],
        b"RIFF\x10\0\0\0WEBPVP8 ",
    ],
)
def test_what_only_claims_to_be_a_picture_is_refused(client: Client, data: bytes) -> None:
    for name, kind in (("x.png", "image/png"), ("x.svg", "image/svg+xml")):
        answer = send(client, data, name, kind)
        assert (answer.status_code, answer.json()["error"]) == (400, "image_unreadable")
    assert not PostImage.objects.exists()


def test_where_a_picture_was_taken_is_in_none_of_its_files(client: Client) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(GPS)[2] = (52.0, 31.0, 12.0)
    out = io.BytesIO()
    Image.new("RGB", (400, 300), (9, 99, 9)).save(out, format="JPEG", exif=exif, comment=b"SecretComment")
    assert b"SecretCamera" in out.getvalue()
    image = PostImage.objects.select_related("image").get(pk=send(client, out.getvalue()).json()["id"])
    for name in image_files(image.image):
        with default_storage.open(name) as file:
            data = file.read()
        assert b"Secret" not in data
        with Image.open(io.BytesIO(data)) as opened:
            assert not opened.getexif().get_ifd(GPS)


def test_more_than_five_megabytes_are_not_read(client: Client) -> None:
    answer = send(client, b"\xff\xd8\xff" + b"\0" * (6 * 1024 * 1024))
    assert (answer.status_code, answer.json()["error"]) == (413, "payload_too_large")


@pytest.mark.parametrize("name", ["../../x.png", "a\x00.png", "<img src=x onerror=alert(1)>.png", "x" * 300 + ".png"])
def test_names_of_files_are_nobodys_business(client: Client, name: str) -> None:
    answer = send(client, picture(), name)
    assert answer.status_code in (201, 400, 422)
    for stored in StoredImage.objects.all():
        assert all(path.startswith("images/post/") for path in image_files(stored))
