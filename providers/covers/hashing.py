"""The perceptual hash of a cover: which way 64 slow waves of its brightness point.

Scaling, re-encoding, other colours and a small mark move few of these bits; another picture moves half of them. The middle
counts more than the edges, where other sites put their marks. `bench/covers.py` measures what the thresholds cost.
"""

import math
from functools import cache
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageOps

from core.media.decoding import format_of, image_decoded, image_opened, source_read

if TYPE_CHECKING:
    import numpy

    Floats = numpy.ndarray[Any, numpy.dtype[numpy.float32]]

SAME = 8
"""Up to this distance two covers are one picture: of different ones about one pair in half a million is as near."""
ALIKE = 12
"""Up to this distance they support what a title says already: heavily marked copies get here, and one pair in 20,000."""

SIDE = 32
_READ_SIDE = 64  # what decoding may reduce the shorter side to: twice as fine as what is looked at
_EDGE = 0.2  # how much the edges count against the middle
_WAVES = 10  # the 64 slowest waves of a square lie within the first ten each way
_LEAST = 3.0  # strength (grey levels) of the middle wave, below which compression decides about the bits
_MASK = 2**64 - 1


def cover_hash(data: bytes) -> int | None:
    """64 bits as a signed integer; None for a picture with nothing on it (one colour, hardly more), which is like all such.

    Takes JPEG, PNG, WebP, AVIF and GIF (first frame), told by content. Raises `ImageTooLarge` before decoding and
    `ImageUnreadable`.
    """
    import numpy as np

    weights, waves, order = _tables()
    pixels = np.asarray(_reduced(source_read(data)), np.float32)
    weighted = (pixels - np.average(pixels, weights=weights)) * weights
    strengths = (waves @ weighted @ waves.T).ravel()[order]
    if np.median(np.abs(strengths)) < _LEAST:
        return None
    return int(np.packbits(strengths > 0).view(">i8")[0])


def distance(first: int, second: int) -> int:
    """How many of the 64 bits differ: 0 the same, about 32 unrelated."""
    return ((first ^ second) & _MASK).bit_count()


@cache
def _tables() -> "tuple[Floats, Floats, numpy.ndarray[Any, numpy.dtype[numpy.intp]]]":
    """How much each place counts; the cosine transform's first rows; where its 64 slowest waves are (not the mean)."""
    import numpy as np

    places, waves = np.arange(SIDE), np.arange(_WAVES)[:, None]
    hill = _EDGE + (1 - _EDGE) * np.sin(np.pi * (places + 0.5) / SIDE)
    rows = np.cos(np.pi * (2 * places + 1) * waves / (2 * SIDE)) * math.sqrt(2 / SIDE)
    rows[0] /= math.sqrt(2)
    down, across = np.divmod(np.arange(_WAVES**2), _WAVES)
    order = np.argsort(down**2 + across**2, kind="stable")[1:65]
    return np.outer(hill, hill).astype(np.float32), rows.astype(np.float32), order


def _reduced(data: bytes) -> Image.Image:
    """32 × 32 grey levels. JPEG, which nearly all covers are, is decoded small and without its colours."""
    grey = _jpeg_grey(data) if format_of(data) == "JPEG" else _grey(image_decoded(data, wanted_side=_READ_SIDE))
    return grey.resize((SIDE, SIDE), Image.Resampling.BOX)


def _jpeg_grey(data: bytes) -> Image.Image:
    with image_opened(data, "JPEG") as opened:
        opened.draft("L", (_READ_SIDE, _READ_SIDE))
        opened.load()
        grey = opened if opened.mode == "L" else opened.convert("L")
        return ImageOps.exif_transpose(grey) if "exif" in opened.info else grey


def _grey(image: Image.Image) -> Image.Image:
    """What is seen on a white page: what shines through is not black."""
    if image.mode == "RGBA":
        page = Image.new("RGB", image.size, "white")
        page.paste(image, mask=image.getchannel("A"))
        image = page
    return image.convert("L")
