"""`/media/…`: pictures that the pipeline stored, when files lie on this machine (behind a proxy or on S3 it never gets here)."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from core.errors import NotFound
from core.media.paths import path_within

CONTENT_TYPES = {".avif": "image/avif", ".webp": "image/webp", ".jpg": "image/jpeg", ".png": "image/png"}


@require_safe
def stored_file(request: HttpRequest, name: str) -> FileResponse:
    """A stored picture. Names hold a hash of the content, so a browser may keep it for ever. Raises `NotFound`, `PathRefused`."""
    path = path_within(Path(settings.MEDIA_ROOT), name)
    content_type = CONTENT_TYPES.get(path.suffix.lower())
    if content_type is None or not path.is_file():
        raise NotFound()
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return FileResponse(path.open("rb"), content_type=content_type, headers=headers)
