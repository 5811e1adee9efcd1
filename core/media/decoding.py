"""From bytes that a stranger sent to plain upright pixels, or a refusal before much memory is spent (threat 35)."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from core.media.errors import ImageTooLarge, ImageUnreadable

MAX_SOURCE_BYTES = 16 * 1024 * 1024
MAX_PIXELS = 25_000_000
MAX_SIDE = 12_000
# Longer strips are no pictures, and their variants would be one pixel high.
MAX_PROPORTION = 10


def source_read(file: IO[bytes] | bytes) -> bytes:
    """The whole file; raises `ImageTooLarge` past 16 MiB without reading on."""
    data = file if isinstance(file, bytes) else file.read(MAX_SOURCE_BYTES + 1)
    if len(data) > MAX_SOURCE_BYTES:
        raise ImageTooLarge(_("The file is larger than 16 MiB."))
    return data


def format_of(data: bytes) -> str | None:
    """Pillow's name of the format by the file's first bytes; None for everything that is not accepted (SVG among them)."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and b"avif" in _brands(data):
        return "AVIF"
    return None


def image_decoded(data: bytes, *, wanted_side: int) -> Image.Image:
    """The picture as RGB or RGBA, upright, its first frame alone, without any metadata (colours are taken as sRGB).

    `wanted_side` (pixels) is what the shorter side must keep; much larger pictures are reduced on the way.
    Raises `ImageTooLarge` before decoding and `ImageUnreadable`.
    """
    kind = format_of(data)
    if kind is None:
        raise ImageUnreadable(_("Only JPEG, PNG, WebP, AVIF and GIF are accepted."))
    if kind == "WEBP":
        _size_check(*_webp_canvas(data))  # its decoder sets a whole canvas aside on opening
    with image_opened(data, kind) as opened:
        opened.draft("RGB", (wanted_side * 2, wanted_side * 2))
        opened.load()
        return _plain(ImageOps.exif_transpose(_reduced(opened, wanted_side)))


@contextmanager
def image_opened(data: bytes, kind: str) -> Iterator[Image.Image]:
    """The picture as Pillow's format `kind`, its size within our caps, nothing of it decoded yet.

    Around the decoding: what fails in the block is `ImageTooLarge` or `ImageUnreadable`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our cap is lower and is checked below
            with Image.open(io.BytesIO(data), formats=[kind]) as opened:
                _size_check(*opened.size)
                yield opened
    except Image.DecompressionBombError as error:
        raise ImageTooLarge() from error
    except (ImageTooLarge, ImageUnreadable):
        raise
    except Exception as error:  # decoders fail in many ways on damaged files; none of them is our caller's business
        raise ImageUnreadable() from error


def _size_check(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise ImageTooLarge(_("The picture has more than 25 million pixels or is longer than 12,000."))
    if min(width, height) < 1 or max(width, height) > min(width, height) * MAX_PROPORTION:
        raise ImageUnreadable(_("The picture is too narrow."))


def _reduced(image: Image.Image, wanted_side: int) -> Image.Image:
    """The picture divided by a whole number so that its shorter side still has `wanted_side` pixels; saves memory for what follows."""
    factor = min(image.size) // wanted_side
    if factor < 2 or image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"):
        return image
    return image.reduce(factor)


def _plain(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where something is transparent, with an empty `info` (Pillow would save EXIF, XMP and ICC from there)."""
    if image.mode.startswith(("I", "F")):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    plain = image.convert("RGBA" if has_alpha else "RGB")
    if has_alpha and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


def _brands(data: bytes) -> list[bytes]:
    """The brands in an ISO file's `ftyp` box."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    return [data[start : start + 4] for start in range(8, length, 4)]


def _webp_canvas(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP as its header says, without a decoder."""
    chunk = data[12:16]
    if len(data) < 30:
        raise ImageUnreadable()
    if chunk == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    raise ImageUnreadable()
