"""Answering with a file or a piece of it (RFC 9110, one range a request), or letting the proxy in front do so."""

import io
import os
import re
import time
from email.utils import formatdate
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from catalog.errors import FileMissing
from catalog.streaming.files import CONTENT_TYPES, stored_of

INTERNAL = "/_files"
"""Below it the proxy's internal locations lie, one for each of `REACHED` (`deploy/nginx.conf`)."""
REACHED = frozenset({"library", "derived"})
"""Roots on the volume that nginx sees; what comes with the code it does not."""
CHUNK = 256 * 1024  # bytes that are read at a time where the server cannot take the file itself
_ONE_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
_SURE_SECONDS = 60  # a file that stood so long has not changed twice within the second that a date can tell


class FilePart(io.RawIOBase):
    """`count` bytes of an open file from `offset` on. Servers may send them without reading: `part` says which they are."""

    def __init__(self, file: BinaryIO, offset: int, count: int) -> None:
        self._file = file
        self.part = (file.fileno(), offset, count)
        self._left = count
        file.seek(offset)

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._file.fileno()

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, fewer only at the end of the part or of the file."""
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._file.close()
        super().close()


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


def _etag(stat: os.stat_result) -> str:
    return f'"{stat.st_size:x}-{stat.st_mtime_ns:x}"'


def file_etag(path: Path) -> str:
    """A strong validator from size and time of change."""
    return _etag(path.stat())


def content_type_of(path: Path) -> str:
    """The media type of a file by its ending."""
    return CONTENT_TYPES.get(path.suffix.lower(), "application/octet-stream")


def file_response(request: HttpRequest, path: Path, *, max_age: int = 3600) -> HttpResponseBase:
    """200, 206, 304 or 416 for a file; `max_age` in seconds, private because access is checked per viewer.

    With `settings.SENDFILE` the answer names the file to the proxy, which does all of this itself. Raises `FileMissing`.
    """
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": f"private, max-age={max_age}",
        "X-Content-Type-Options": "nosniff",
    }
    response = (_by_proxy(path) if settings.SENDFILE else None) or _by_ourselves(request, path, headers)
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def _by_proxy(path: Path) -> HttpResponseBase | None:
    """An empty answer that names the file; None where the proxy cannot reach it. Validators and ranges are the proxy's own."""
    stored = stored_of(path)
    if stored is None or (settings.SENDFILE == "nginx" and stored[0] not in REACHED):
        return None
    response = HttpResponse(content_type=content_type_of(path))
    if settings.SENDFILE == "nginx":
        response["X-Accel-Redirect"] = f"{INTERNAL}/{stored[0]}/{quote(stored[1])}"
    else:
        response["X-Sendfile"] = quote(str(path))
    return response


def _by_ourselves(request: HttpRequest, path: Path, headers: dict[str, str]) -> HttpResponseBase:
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileMissing() from error
    try:
        # What is open is what is described: the path may lead to another file by now.
        stat = os.fstat(file.fileno())
        headers["ETag"] = _etag(stat)
        headers["Last-Modified"] = formatdate(int(stat.st_mtime), usegmt=True)
        conditional = get_conditional_response(request, etag=headers["ETag"], last_modified=int(stat.st_mtime))
        response: HttpResponseBase = conditional or _body(request, file, stat, headers, content_type_of(path))
    except BaseException:
        file.close()
        raise
    if not isinstance(response, FileResponse):
        file.close()
    return response


def _body(
    request: HttpRequest, file: BinaryIO, stat: os.stat_result, headers: dict[str, str], content_type: str
) -> HttpResponseBase:
    size = stat.st_size
    start, end, status = 0, size - 1, 200
    header = request.META.get("HTTP_RANGE", "")
    if header.startswith("bytes=") and request.method == "GET" and _is_same(request, stat, headers):
        span = byte_range(header, size)
        if span is None:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        (start, end), status = span, 206
    response = FileResponse(FilePart(file, start, end - start + 1), status=status, content_type=content_type)
    response.block_size = CHUNK
    response["Content-Length"] = str(end - start + 1)
    if status == 206:
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


def _is_same(request: HttpRequest, stat: os.stat_result, headers: dict[str, str]) -> bool:
    """If-Range: a piece of another version would corrupt what the client has, so it gets the whole then."""
    known = request.META.get("HTTP_IF_RANGE", headers["ETag"])
    if known == headers["Last-Modified"]:
        return time.time() - stat.st_mtime > _SURE_SECONDS
    return bool(known == headers["ETag"])
