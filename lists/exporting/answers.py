"""A list as a download: one answer for the API and the site."""

from django.http import StreamingHttpResponse

from accounts.facade import User
from lists.exporting import format_get, list_write


def export_answer(user: User, format: str) -> StreamingHttpResponse:
    """The file, made while it is sent and kept by no cache. Raises `ValidationFailed` for an unknown format."""
    found = format_get(format)
    name = f"{user.username}-{found.code}.{found.extension}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(list_write(user=user, format=format), content_type=found.media_type, headers=headers)
