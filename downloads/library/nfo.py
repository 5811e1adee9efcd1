"""NFO files as Kodi and Jellyfin write them: ids, season and number of what lies beside them. Written by strangers."""

import os
import re
import stat
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element  # the type only; parsing is core.archives'

from catalog.facade import Site
from core.archives import xml_read
from core.errors import DomainError

MAX_BYTES = 1024 * 1024
MAX_TITLE = 300
_ROOTS = {b"tvshow": "show", b"movie": "film", b"episodedetails": "episode"}
_START = re.compile(rb"<(tvshow|movie|episodedetails)[\s>]")
_SITES = {
    "mal": Site.MAL,
    "myanimelist": Site.MAL,
    "anilist": Site.ANILIST,
    "anidb": Site.ANIDB,
    "kitsu": Site.KITSU,
    "shikimori": Site.SHIKIMORI,
    "tvdb": Site.TVDB,
    "tmdb": Site.TMDB,
}
_ID_TAGS = {f"{name}id": site for name, site in _SITES.items()}


@dataclass(frozen=True, slots=True)
class Nfo:
    """What one NFO says. `kind` is show, film or episode; `ids` are (site, id) of that; `season`, `number`, `last` of an
    episode, None where it does not say.
    """

    kind: str
    ids: tuple[tuple[str, str], ...] = ()
    titles: tuple[str, ...] = ()
    year: int | None = None
    season: int | None = None
    number: int | None = None
    last: int | None = None


def nfo_read(path: str) -> Nfo | None:
    """An NFO file, None for one that cannot be read, is larger than 1 MiB, is no plain file or no XML of these kinds."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > MAX_BYTES:
            return None
        try:
            return nfo_parse(file.read(MAX_BYTES + 1))
        except OSError:
            return None


def nfo_parse(data: bytes) -> Nfo | None:
    """The same of bytes. Kodi puts several episodes of one file one after the other, and addresses behind the document."""
    starts = list(_START.finditer(data))
    if not starts:
        return None
    name = starts[0].group(1)
    # What stands before the root is read with it, so that a document type is refused and not cut away.
    documents = _documents(data, name)
    if not documents:
        return None
    try:
        found = [_nfo(xml_read(document, max_bytes=MAX_BYTES), _ROOTS[name]) for document in documents[:40]]
    except DomainError:
        return None
    numbers = [one.number for one in found if one.number is not None]
    if len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return replace(found[0], last=numbers[-1])
    return found[0]


def _documents(data: bytes, name: bytes) -> list[bytes]:
    end = b"</" + name + b">"
    parts = data.split(end)[:-1]
    return [part + end for part in parts]


def _nfo(root: Element, kind: str) -> Nfo:
    ids: dict[tuple[str, str], None] = {}
    for child in list(root)[:2000]:
        site = _SITES.get((child.get("type") or "").strip().lower()) if child.tag == "uniqueid" else None
        site = site or _ID_TAGS.get(str(child.tag).replace("_", "").lower())
        value = (child.text or "").strip()
        if site is not None and value.isascii() and value.isdecimal() and len(value) <= 10:
            ids[site.value, str(int(value))] = None
    titles = (_text(root, name) for name in ("title", "originaltitle", "showtitle"))
    return Nfo(
        kind=kind,
        ids=tuple(ids),
        titles=tuple(dict.fromkeys(title for title in titles if title)),
        year=_number(root, "year") or None,
        season=_number(root, "season") if kind == "episode" else None,
        number=_number(root, "episode") if kind == "episode" else None,
    )


def _text(root: Element, name: str) -> str:
    return " ".join((root.findtext(name) or "").split())[:MAX_TITLE]


def _number(root: Element, name: str) -> int | None:
    text = (root.findtext(name) or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else None
