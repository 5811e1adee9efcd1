"""Pictures made for tests."""

import io
from typing import Any

from PIL import Image


def picture(
    kind: str = "PNG", size: tuple[int, int] = (400, 600), colour: Any = (200, 30, 40), mode: str = "RGB", **saving: Any
) -> bytes:
    """A one-coloured picture as a file's bytes."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, format=kind, **saving)
    return out.getvalue()


def halves(kind: str = "JPEG", **saving: Any) -> bytes:
    """200 by 100: the left half red, the right half blue."""
    image = Image.new("RGB", (200, 100), (255, 0, 0))
    image.paste((0, 0, 255), (100, 0, 200, 100))
    out = io.BytesIO()
    image.save(out, format=kind, **saving)
    return out.getvalue()
