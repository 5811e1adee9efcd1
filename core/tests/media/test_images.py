"""Pictures become variants once, and go away whole."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image

from core.media import images
from core.media.decoding import image_decoded
from core.media.encoding import PURPOSES, dominant_colour, variant_widths
from core.media.errors import ImageUnreadable
from core.models import StoredImage
from core.tests.media.pictures import halves, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def opened(name: str) -> Image.Image:
    with default_storage.open(name) as file:
        return Image.open(io.BytesIO(file.read()))


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_every_accepted_format_becomes_avif_and_webp(kind: str, media: Path) -> None:
    stored = images.image_store(file=picture(kind, (800, 1200)), purpose="poster")
    assert set(stored.variants) == {"150", "300", "600"}
    for width, formats in stored.variants.items():
        assert set(formats) == {"avif", "webp"}
        for suffix, name in formats.items():
            assert opened(name).format == suffix.upper()
            assert opened(name).size == (int(width), int(width) * 3 // 2)
            assert (media / name).is_file()
    assert (stored.width * 3, len(stored.sha256)) == (stored.height * 2, 64)
    assert stored.bytes == sum(path.stat().st_size for path in files(media))
    assert stored.placeholder.startswith("data:image/webp;base64,")
    assert len(stored.placeholder) < 400
    red, green, blue = (int(stored.colour[n : n + 2], 16) for n in (1, 3, 5))
    assert (red > 180, green < 60, blue < 70) == (True, True, True)


@pytest.mark.parametrize(
    ("width", "purpose", "expected"),
    [
        (2000, "banner", [640, 1280, 1920]),
        (1280, "banner", [640, 1280]),
        (225, "poster", [150, 225]),
        (40, "avatar", [40]),
        (640, "still", [320, 640]),
    ],
)
def test_nothing_is_enlarged(width: int, purpose: str, expected: list[int]) -> None:
    assert variant_widths(width, PURPOSES[purpose]) == expected


def test_an_avatar_is_the_middle_square() -> None:
    stored = images.image_store(file=picture(size=(500, 300)), purpose="avatar")
    assert (stored.width, stored.height, set(stored.variants)) == (300, 300, {"64", "128", "256"})


def test_the_same_file_again_is_the_same_row(media: Path) -> None:
    data = picture()
    first = images.image_store(file=data, purpose="poster")
    before = files(media)
    assert images.image_store(file=io.BytesIO(data), purpose="poster") == first
    assert files(media) == before
    assert images.image_store(file=data, purpose="still") != first
    assert StoredImage.objects.count() == 2


def test_two_at_once_leave_one_row_and_no_stray_files(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = picture()
    decode = images.image_decoded

    def meanwhile(source: bytes, *, wanted_side: int) -> Image.Image:
        monkeypatch.setattr(images, "image_decoded", decode)
        images.image_store(file=source, purpose="poster")
        return decode(source, wanted_side=wanted_side)

    monkeypatch.setattr(images, "image_decoded", meanwhile)
    stored = images.image_store(file=data, purpose="poster")
    assert StoredImage.objects.count() == 1
    assert {path.relative_to(media).as_posix() for path in files(media)} == set(images.image_files(stored))


def test_a_failed_write_leaves_no_files(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = []
    save = default_storage.save

    def full(name: str, content: object) -> str:
        if len(saved) == 2:
            raise OSError(28, "No space left on device")
        saved.append(name)
        return str(save(name, content))

    monkeypatch.setattr(images.default_storage, "save", full)
    with pytest.raises(OSError, match="No space"):
        images.image_store(file=picture(), purpose="poster")
    assert (len(saved), files(media), StoredImage.objects.count()) == (2, [], 0)


def test_deleting_takes_the_files_along_on_commit(media: Path, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    kept = images.image_store(file=picture(colour=(1, 2, 3)), purpose="poster")
    gone = images.image_store(file=picture(), purpose="poster")
    with django_capture_on_commit_callbacks(execute=True):
        images.image_delete(image=gone)
        assert len(files(media)) == len(images.image_files(kept)) + len(images.image_files(gone))
    assert list(StoredImage.objects.all()) == [kept]
    assert {path.relative_to(media).as_posix() for path in files(media)} == set(images.image_files(kept))
    assert connection.in_atomic_block


def test_an_animation_gives_its_first_frame() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (100, 100), colour) for colour in ((0, 200, 0), (200, 0, 0))]
    frames[0].save(out, format="GIF", save_all=True, append_images=frames[1:])
    red, green, _blue = image_decoded(out.getvalue(), wanted_side=100).getpixel((50, 50))  # type: ignore[misc]
    assert (green > 150, red < 60) == (True, True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("wanted_side", "factor"), [(200, 1), (25, 4)])
def test_orientation_is_applied(kind: str, wanted_side: int, factor: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn a quarter clockwise
    image = image_decoded(halves(kind, exif=exif, quality=95), wanted_side=wanted_side)
    assert image.size == (100 // factor, 200 // factor)
    assert image.getpixel((12, 5))[0] > 200  # type: ignore[index]
    assert image.getpixel((12, image.height - 5))[2] > 200  # type: ignore[index]


@pytest.mark.parametrize(
    ("mode", "colour", "kind"),
    [
        ("L", 90, "PNG"),
        ("LA", (90, 0), "PNG"),
        ("RGBA", (1, 2, 3, 4), "PNG"),
        ("P", 3, "GIF"),
        ("CMYK", (1, 2, 3, 4), "JPEG"),
        ("1", 1, "PNG"),
        ("I;16", 40_000, "PNG"),
    ],
)
def test_every_pixel_mode_is_read(mode: str, colour: object, kind: str) -> None:
    stored = images.image_store(file=picture(kind, (60, 90), colour, mode), purpose="poster")
    assert set(stored.variants) == {"60"}


def test_sixteen_bits_keep_their_brightness_and_transparency_stays() -> None:
    grey = image_decoded(picture("PNG", (20, 20), 32_768, "I;16"), wanted_side=20)
    assert grey.getpixel((5, 5)) == (128, 128, 128)
    assert image_decoded(picture("PNG", (20, 20), (9, 9, 9, 100), "RGBA"), wanted_side=20).mode == "RGBA"
    assert image_decoded(picture("PNG", (20, 20), (9, 9, 9, 255), "RGBA"), wanted_side=20).mode == "RGB"


def test_the_colour_prefers_what_is_vivid() -> None:
    image = Image.new("RGB", (100, 100), (30, 30, 30))
    image.paste((220, 60, 20), (0, 0, 40, 100))
    assert dominant_colour(image) == "#dc3c14"
    assert dominant_colour(Image.new("RGBA", (10, 10), (0, 0, 0, 0))) == "#808080"


def test_srcset_and_fallback_url() -> None:
    stored = images.image_store(file=picture(size=(800, 1200)), purpose="poster")
    sources = images.image_sources(stored, width=200)
    assert [entry.split()[1] for entry in sources.avif.split(", ")] == ["150w", "300w", "600w"]
    assert sources.src == default_storage.url(stored.variants["300"]["webp"])
    assert images.image_url(stored, width=5000) == default_storage.url(stored.variants["600"]["webp"])
    assert (
        images.image_url(StoredImage(variants={}), width=1)
        == images.image_srcset(StoredImage(variants={}), "avif")
        == ""
    )


@pytest.mark.parametrize("size", [(4000, 100), (100, 4000)])
def test_strips_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ImageUnreadable):
        images.image_store(file=picture(size=size), purpose="banner")
