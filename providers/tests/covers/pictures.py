"""Drawn covers of many kinds, and what other sites make of a cover: for tests and `bench/covers.py`."""

import io
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WORDS = "ABCDEFGHIKLMNOPRSTUVWYZ "
Colour = tuple[int, ...]


def cover_draw(seed: int) -> Image.Image:
    """A cover of 225×310 to 425×620 pixels: a background (plain, gradient, soft or rough colours), shapes, people, a title, grain."""
    chance, grain = random.Random(seed), np.random.default_rng(seed)
    width = chance.randrange(225, 426)
    height = int(width * chance.uniform(1.38, 1.46))
    image = _background(seed % 6, width, height, chance, grain)
    draw = ImageDraw.Draw(image)
    _shapes(draw, width, height, chance)
    _people(draw, width, height, chance)
    if chance.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.5, 4)))
    if chance.random() < 0.8:
        _title(ImageDraw.Draw(image), width, height, chance)
    noise = grain.normal(0, chance.uniform(1, 12), (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(image, float) + noise, 0, 255).astype(np.uint8))


def saved(image: Image.Image, kind: str = "JPEG", **options: int) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(image: Image.Image, quality: int = 88) -> bytes:
    """The picture as most sites send covers."""
    return saved(image.convert("RGB"), quality=quality)


def scaled(image: Image.Image, share: float = 0.3) -> Image.Image:
    """Smaller in both directions."""
    return image.resize((int(image.width * share), int(image.height * share)), Image.Resampling.LANCZOS)


def marked(image: Image.Image) -> Image.Image:
    """With a logo in a corner, 15 % as wide as the cover, and an address along the bottom."""
    image = image.copy()
    draw, (width, height) = ImageDraw.Draw(image), image.size
    side = int(width * 0.15)
    draw.rectangle((width - side - 6, 6, width - 6, 6 + side), fill=(230, 30, 60))
    draw.ellipse((width - side, 12, width - 12, side), fill="white")
    font = ImageFont.load_default(max(10, width // 16))
    draw.text((8, height - 24), "www.stream.example", fill="white", font=font, stroke_width=1, stroke_fill="black")
    return image


def tinted(image: Image.Image) -> Image.Image:
    """Redder, and of more contrast."""
    pixels = np.asarray(image, float) * [1.12, 0.95, 0.9] + [8, 0, -12]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def boxed(image: Image.Image) -> Image.Image:
    """With black bars of 12 % at both sides."""
    page = Image.new("RGB", (int(image.width * 1.24), image.height))
    page.paste(image, ((page.width - image.width) // 2, 0))
    return page


COPIES: dict[str, Callable[[Image.Image], bytes]] = {
    "re-encoded at quality 40": lambda image: jpeg(image, 40),
    "scaled to 30 %": lambda image: jpeg(scaled(image), 80),
    "watermarked": lambda image: jpeg(marked(image), 85),
    "all three": lambda image: jpeg(scaled(marked(image)), 40),
    "colours shifted": lambda image: jpeg(tinted(image)),
    "letterboxed": lambda image: jpeg(boxed(image)),
}
"""What other sites do to a cover."""


def _background(kind: int, width: int, height: int, chance: random.Random, grain: np.random.Generator) -> Image.Image:
    if kind in (0, 2):
        cells = chance.randrange(2, 5) if kind == 0 else chance.randrange(6, 14)
        small = grain.integers(0, 256, (max(2, cells * height // width), cells, 3), dtype=np.uint8)
        return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
    plain = Image.new("RGB", (width, height), _colour(chance))
    if kind == 1:
        slope = Image.linear_gradient("L").resize((width, height)).rotate(chance.randrange(360))
        return Image.composite(plain, Image.new("RGB", (width, height), _colour(chance)), slope)
    return plain


def _shapes(draw: ImageDraw.ImageDraw, width: int, height: int, chance: random.Random) -> None:
    for _shape in range(chance.randrange(2, 12)):
        left, top = chance.randrange(-width // 4, width), chance.randrange(-height // 4, height)
        side = chance.randrange(width // 12, width // 2)
        shape = chance.choice((draw.ellipse, draw.rectangle, draw.rounded_rectangle))
        shape((left, top, left + side, top + int(side * chance.uniform(0.5, 1.8))), fill=_colour(chance))


def _people(draw: ImageDraw.ImageDraw, width: int, height: int, chance: random.Random) -> None:
    for _person in range(chance.randrange(1, 5)):
        x, y = chance.randrange(width), chance.randrange(height // 6, height)
        size = chance.randrange(width // 8, width // 3)
        coat = [
            (x - size, y + 4 * size),
            (x + size, y + 4 * size),
            (x + size // 2, y + size // 2),
            (x - size // 2, y + size // 2),
        ]
        draw.polygon(coat, fill=_colour(chance))
        draw.ellipse((x - size * 0.8, y - size * 0.9, x + size * 0.8, y + size), fill=_colour(chance))
        face = (250, chance.randrange(190, 235), chance.randrange(160, 210))
        draw.ellipse((x - size * 0.6, y - size * 0.5, x + size * 0.6, y + size * 0.9), fill=face)
        for eye in (-0.3, 0.3):
            box = (x + (eye - 0.12) * size, y, x + (eye + 0.12) * size, y + 0.3 * size)
            draw.ellipse(box, fill=_colour(chance))


def _title(draw: ImageDraw.ImageDraw, width: int, height: int, chance: random.Random) -> None:
    font, top = ImageFont.load_default(chance.randrange(14, 56)), chance.choice((height // 20, int(height * 0.75)))
    for line in range(chance.randrange(1, 3)):
        words = "".join(chance.choice(WORDS) for _letter in range(chance.randrange(5, 16)))
        place = (chance.randrange(4, width // 3), top + line * 50)
        edge = {"stroke_width": chance.randrange(3), "stroke_fill": _colour(chance)}
        draw.text(place, words, fill=_colour(chance), font=font, **edge)  # type: ignore[arg-type]


def _colour(chance: random.Random) -> Colour:
    return tuple(chance.randrange(256) for _channel in range(3))
