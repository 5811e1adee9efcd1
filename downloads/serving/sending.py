"""Answering with the file of a download: to keep, under its own name, for nobody else's cache."""

import re
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseBase

from catalog.facade import file_response, stored_file
from core.errors import NotFound
from core.media.errors import PathRefused
from downloads.errors import DownloadReaped
from downloads.models.downloads import Download

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()\[\]&+,=@!#$^~-]")
PRIVATE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
"""The address holds a ticket: nothing keeps it or tells it on."""


def download_response(request: HttpRequest, download: Download) -> HttpResponseBase:
    """Its file, whole or in part. The caller has checked who asks; raises `DownloadReaped` when it is not on disk."""
    try:
        path = stored_file(download.path)
        response = file_response(request, path)
    except (NotFound, PathRefused) as error:
        raise DownloadReaped() from error
    if response.status_code in (200, 206):
        response["Content-Disposition"] = attachment_header(path.name)
    for name, value in PRIVATE.items():
        response[name] = value
    return response


def attachment_header(name: str) -> str:
    """`Content-Disposition` for a file to keep (RFC 6266): the name for all, and as it is for those who read RFC 8187."""
    clean = _UNPRINTABLE.sub("", name).replace("/", "_").replace("\\", "_").strip() or "video"
    plain = _NOT_PLAIN.sub("_", clean)
    exact = "" if plain == clean else f"; filename*=UTF-8''{quote(clean, safe='')}"
    return f'attachment; filename="{plain}"{exact}'
