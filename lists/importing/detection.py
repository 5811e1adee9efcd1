"""What a file is, by what is in it: its name says nothing that counts."""

from typing import IO, Any

from lists.importing.errors import ListFileUnreadable
from lists.importing.json_document import json_load
from lists.importing.readers import anilist, anilist_gdpr, hiroba, kitsu, mal_api, mal_xml, shikimori, yamtrack
from lists.importing.records import ReadList

_BLANK = b" \t\r\n\x00"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def file_read(file: IO[bytes]) -> ReadList:
    """The list in an unpacked file. Raises the errors of `importing.errors`."""
    head = file.read(4096)
    file.seek(0)
    for bom in _BOMS:
        head = head.removeprefix(bom)
    start = head.lstrip(_BLANK)
    if not start:
        raise ListFileUnreadable("empty")
    if start.startswith(b"<"):
        return mal_xml.read(file)
    if start.startswith((b"{", b"[")):
        return document_read(json_load(file))
    if any(mark in start.split(b"\n", 1)[0] for mark in (b",", b";")):
        return yamtrack.read(file)
    raise ListFileUnreadable("no_format")


def document_read(root: Any) -> ReadList:
    """The list in a JSON document."""
    if isinstance(root, list):
        return shikimori.read(root)
    if root.get("format") == hiroba.NAME:
        return hiroba.read(root)
    collection = anilist.collection_of(root)
    if collection is not None and not anilist_gdpr.is_export(root):
        return anilist.read(root, collection)
    if anilist_gdpr.is_export(root):
        return anilist_gdpr.read(root)
    rows = root.get("data")
    if isinstance(rows, list):
        if any(kitsu.is_entry(row) for row in rows) or (not rows and "included" in root):
            return kitsu.read(root)
        if any(mal_api.is_entry(row) for row in rows) or (not rows and set(root) <= {"data", "paging"}):
            return mal_api.read(root)
    raise ListFileUnreadable("json_no_list", what=_looks_like(root))


def _looks_like(root: dict[str, Any]) -> dict[str, str]:
    """A reason of `file_reasons` with its facts."""
    names = ", ".join(sorted(map(str, root)))[:200] or "{}"
    reason = _likeness(root)
    return {"reason": reason} if reason else {"reason": "looks_members", "names": names}


def _likeness(root: dict[str, Any]) -> str:
    rows = root.get("data")
    first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    if "ranking" in first:
        return "looks_ranking"
    if isinstance(first.get("node"), dict):
        return "looks_found"
    if "categories" in root or (isinstance(rows, dict) and "posts" in rows) or "created_by" in first:
        return "looks_forum"
    if "errors" in root:
        return "looks_error"
    if {"status", "score"} <= root.keys() and "id" not in root:
        return "looks_entry"
    if "id" in root and "title" in root:
        return "looks_anime"
    return "looks_profile" if "id" in root and "name" in root else ""
