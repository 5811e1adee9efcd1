"""From plain pixels to what the site serves: AVIF and WebP at the widths of a purpose, a colour, a tiny placeholder."""

import base64
import colorsys
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a picture is for: variant widths in pixels, ascending, and whether it is cut to a square."""

    widths: tuple[int, ...]
    is_square: bool = False


PURPOSES = {
    "poster": Purpose((150, 300, 600)),
    "avatar": Purpose((64, 128, 256), is_square=True),
    "banner": Purpose((640, 1280, 1920)),
    "still": Purpose((320, 640)),
    "cover": Purpose((320, 640, 1280)),
    "post": Purpose((320, 720, 1440)),
}
_SAVING: dict[str, dict[str, int]] = {
    "avif": {"quality": 60, "speed": 8},
    "webp": {"quality": 80, "method": 4},
}
FORMATS = tuple(_SAVING)
_PLACEHOLDER_WIDTH = 16


def image_fitted(image: Image.Image, purpose: Purpose) -> Image.Image:
    """The picture itself, or its middle square where the purpose wants one."""
    if not purpose.is_square or image.width == image.height:
        return image
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def variant_widths(width: int, purpose: Purpose) -> list[int]:
    """The purpose's widths that do not enlarge; a picture smaller than the largest adds its own width."""
    fitting = [wanted for wanted in purpose.widths if wanted <= width]
    if width < purpose.widths[-1] and width not in fitting:
        fitting.append(width)
    return fitting


def variants_encoded(image: Image.Image, purpose: Purpose) -> Iterator[tuple[int, str, bytes]]:
    """(width, format, bytes) for each width and each of `FORMATS`."""
    for width in variant_widths(image.width, purpose):
        scaled = _scaled(image, width)
        for kind, options in _SAVING.items():
            yield width, kind, _saved(scaled, kind, **options)


def placeholder_made(image: Image.Image) -> str:
    """A data: URI of a few hundred bytes to stretch and blur until the picture is there."""
    data = _saved(_scaled(image.convert("RGB"), min(_PLACEHOLDER_WIDTH, image.width)), "webp", quality=40, method=6)
    return f"data:image/webp;base64,{base64.b64encode(data).decode('ascii')}"


def dominant_colour(image: Image.Image) -> str:
    """`#rrggbb`: the most common colour, with vivid ones preferred to greys; transparent parts do not count."""
    small = image.resize((min(64, image.width), min(64, image.height)), Image.Resampling.BOX).convert("RGBA")
    data = small.tobytes()
    opaque = b"".join(data[start : start + 3] for start in range(0, len(data), 4) if data[start + 3] > 127)
    if not opaque:
        return "#808080"
    strip = Image.frombytes("RGB", (len(opaque) // 3, 1), opaque)
    reduced = strip.quantize(8, method=Image.Quantize.MEDIANCUT).convert("RGB").tobytes()
    counted = Counter(reduced[start : start + 3] for start in range(0, len(reduced), 3))

    def weight(entry: tuple[bytes, int]) -> float:
        (red, green, blue), count = entry
        _hue, saturation, value = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
        return count * (0.2 + saturation * value)

    return f"#{max(counted.items(), key=weight)[0].hex()}"


def _scaled(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, format=kind.upper(), **options)
    return out.getvalue()
