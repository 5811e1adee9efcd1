"""Covers of titles for the desk, fetched by this server and made small."""

import io
from zlib import crc32

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotFound

from core.errors import DomainError
from core.media.decoding import image_decoded
from providers.fetching.pictures import picture_fetch
from providers.models import ProviderTitle

WIDTH = 240
KEPT_SECONDS = 24 * 3600
MISSED_SECONDS = 600


def cover_response(title: ProviderTitle) -> HttpResponse:
    """A title's cover as WebP, 240 pixels wide, kept for a day; 404 when it has none or it cannot be had."""
    if not title.cover_url:
        return HttpResponseNotFound()
    name = f"providers:cover:{title.pk}:{crc32(title.cover_url.encode()):x}"
    body = cache.get(name)
    if body is None:
        body = _cover_made(title)
        cache.set(name, body, timeout=KEPT_SECONDS if body else MISSED_SECONDS)
    if not body:
        return HttpResponseNotFound()
    return HttpResponse(body, content_type="image/webp", headers={"Cache-Control": "private, max-age=3600"})


def _cover_made(title: ProviderTitle) -> bytes:
    try:
        image = image_decoded(picture_fetch(title.provider, title.cover_url), wanted_side=WIDTH)
    except DomainError:
        return b""
    image.thumbnail((WIDTH, 2 * WIDTH))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=75)
    return out.getvalue()
