"""Answering with a file or a piece of it (RFC 9110, one range a request)."""

import re
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

from catalog.streaming.files import CONTENT_TYPES

CHUNK = 256 * 1024
_ONE_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte that the header asks for; None when it cannot be satisfied or is not one plain range.

    Several ranges at once serve no player and invite a bomb of them (threat 12): they are refused like nonsense is.
    """
    match = _ONE_RANGE.fullmatch(header) if len(header) < 64 else None
    if match is None or size == 0:
        return None
    first, last = match.groups()
    if first:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    elif last and int(last) > 0:
        start, end = max(0, size - int(last)), size - 1
    else:
        return None
    return (start, end) if start <= end and start < size else None


def file_etag(path: Path) -> str:
    """A strong validator from size and time of change."""
    stat = path.stat()
    return f'"{stat.st_size:x}-{stat.st_mtime_ns:x}"'


def _piece(path: Path, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while length > 0:
            chunk = file.read(min(CHUNK, length))
            if not chunk:
                return
            length -= len(chunk)
            yield chunk


def file_response(request: HttpRequest, path: Path, *, max_age: int = 3600) -> HttpResponseBase:
    """200, 206, 304 or 416 for a file; `max_age` in seconds, private because access is checked per viewer."""
    stat = path.stat()
    etag = file_etag(path)
    conditional = get_conditional_response(request, etag=etag, last_modified=int(stat.st_mtime))
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Last-Modified": formatdate(int(stat.st_mtime), usegmt=True),
        "Cache-Control": f"private, max-age={max_age}",
        "X-Content-Type-Options": "nosniff",
    }
    if conditional is not None:
        response: HttpResponseBase = conditional
    else:
        response = _body(request, path, stat.st_size, etag)
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def _body(request: HttpRequest, path: Path, size: int, etag: str) -> HttpResponseBase:
    content_type = CONTENT_TYPES.get(path.suffix.lower(), "application/octet-stream")
    header = request.META.get("HTTP_RANGE", "")
    # If-Range: a piece of another version would corrupt what the client has, so it gets the whole.
    if not header.startswith("bytes=") or request.META.get("HTTP_IF_RANGE", etag) != etag:
        return FileResponse(path.open("rb"), content_type=content_type)
    span = byte_range(header, size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = span
    response = StreamingHttpResponse(_piece(path, start, end - start + 1), status=206, content_type=content_type)
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(end - start + 1)
    return response
