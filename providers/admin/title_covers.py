"""Covers of titles for the desk, fetched by this server and made small."""

import io
from functools import lru_cache
from zlib import crc32

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotFound
from PIL import Image

from core.errors import DomainError
from core.media.decoding import image_decoded
from providers.fetching.pictures import picture_fetch
from providers.models import ProviderTitle

WIDTH = 240
KEPT_SECONDS = 24 * 3600
MISSED_SECONDS = 600


def cover_response(title: ProviderTitle) -> HttpResponse:
    """A title's cover as WebP, 240 pixels wide, kept for a day. Where it cannot be had, an empty picture: the desk draws its
    place, and a browser would draw a broken one over it. 404 for a title without a cover.
    """
    if not title.cover_url:
        return HttpResponseNotFound()
    name = f"providers:cover:{title.pk}:{crc32(title.cover_url.encode()):x}"
    body = cache.get(name)
    if body is None:
        body = _cover_made(title)
        cache.set(name, body, timeout=KEPT_SECONDS if body else MISSED_SECONDS)
    return HttpResponse(body or _empty(), content_type="image/webp", headers={"Cache-Control": "private, max-age=3600"})


@lru_cache(maxsize=1)
def _empty() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (1, 1)).save(out, "WEBP")
    return out.getvalue()


def _cover_made(title: ProviderTitle) -> bytes:
    try:
        image = image_decoded(picture_fetch(title.provider, title.cover_url), wanted_side=WIDTH)
    except DomainError:
        return b""
    image.thumbnail((WIDTH, 2 * WIDTH))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=75)
    return out.getvalue()
