"""Covers that nobody drew: the same for one id every time, different ones for different ids."""

import io
import random
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 300, 424


@lru_cache(maxsize=256)
def cover_made(mal_id: int) -> bytes:
    """A JPEG of 300×424: a sky, hills, a few figures and a bar where a title would be."""
    chance = random.Random(mal_id)

    def colour(low: int = 0, high: int = 255) -> tuple[int, int, int]:
        return chance.randint(low, high), chance.randint(low, high), chance.randint(low, high)

    top, bottom = colour(), colour()
    sky = Image.new("RGB", (1, 2))
    sky.putdata([top, bottom])
    picture = sky.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    draw = ImageDraw.Draw(picture)
    for _hill in range(chance.randint(1, 3)):
        x, y, radius = chance.randint(0, WIDTH), chance.randint(HEIGHT // 2, HEIGHT), chance.randint(80, 260)
        draw.ellipse((x - radius, y - radius // 2, x + radius, y + radius), fill=colour(20, 200))
    for _figure in range(chance.randint(2, 6)):
        x, y = chance.randint(20, WIDTH - 60), chance.randint(60, HEIGHT - 160)
        wide, high = chance.randint(30, 110), chance.randint(70, 220)
        draw.rounded_rectangle((x, y + wide // 2, x + wide, y + high), radius=wide // 3, fill=colour())
        draw.ellipse((x + wide // 6, y - wide // 6, x + wide * 5 // 6, y + wide // 2), fill=colour(120, 255))
    picture = picture.filter(ImageFilter.GaussianBlur(1.2))
    place = chance.choice((20, HEIGHT - 70))
    ImageDraw.Draw(picture).rectangle((20, place, WIDTH - chance.randint(20, 140), place + 34), fill=colour())
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()
