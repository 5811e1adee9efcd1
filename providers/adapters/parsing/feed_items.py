"""The items of a feed: RSS 2.0, Atom, JSON Feed, and JSON lists whose fields an operator names."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element  # a type only; parsing is defusedxml's

import orjson
from django.utils.translation import gettext as _

from core.archives import xml_read
from core.errors import DomainError
from providers.adapters.parsing.documents import MAX_CHARACTERS, line_of
from providers.adapters.parsing.links import Links
from providers.errors import PageUnreadable

MAX_ITEMS = 10_000
FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "name"),
    "link": ("url", "link", "external_url"),
    "show": ("show", "anime"),
    "episode": ("episode", "ep"),
    "season": ("season",),
    "date": ("date_published", "published", "date"),
    "cover": ("image", "banner_image", "cover"),
    "video": ("video",),
}
"""What an item of JSON may tell, and where each is looked for unless the provider's options name the place."""
_LISTS = ("items", "data", "results", "episodes")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_VIDEO = re.compile(r"video/|application/(?:vnd\.apple\.mpegurl|x-mpegurl)", re.IGNORECASE)
_VIDEO_ENDING = re.compile(r"\.(?:mp4|m4v|webm|mkv|m3u8)(?:\?|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry. `videos` are (address, media type); `show`, `season`, `episode` are set when the feed says them apart."""

    title: str
    url: str
    published_on: datetime.date | None = None
    cover_url: str = ""
    videos: tuple[tuple[str, str], ...] = ()
    show: str = ""
    season: int | None = None
    episode: int | None = None


def items_read(text: str, base_url: str, options: Mapping[str, Any]) -> tuple[FeedItem, ...]:
    """The items of a feed in its order, at most 10,000; those without a title or without any safe link are left out.

    Raises `PageUnreadable` for what is no feed.
    """
    if len(text) > MAX_CHARACTERS:
        raise PageUnreadable(_("The feed is too long."))
    links = Links(base_url)
    if text.lstrip()[:1] in ("{", "["):
        found = (_json_item(item, links, options) for item in _json_list(text, options))
    else:
        found = (_xml_item(item, links) for item in _xml_list(text))
    return tuple(item for item in found if item and item.title and item.url)


def _xml_list(text: str) -> list[Element]:
    data = _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    try:
        root = xml_read(data, max_bytes=4 * MAX_CHARACTERS)
    except DomainError as error:
        raise PageUnreadable(_("The feed is no XML that may be read.")) from error
    kind = _name(root)
    if kind not in ("rss", "RDF", "feed"):
        raise PageUnreadable(_("The page is no feed."))
    holders = [root, *(child for child in root if _name(child) == "channel")]
    wanted = "entry" if kind == "feed" else "item"
    return [item for holder in holders for item in holder if _name(item) == wanted][:MAX_ITEMS]


def _xml_item(item: Element, links: Links) -> FeedItem | None:
    title = link = guid = published = cover = ""
    videos: list[tuple[str, str]] = []
    for child in item.iter():
        name, words = _name(child), line_of(child.text)
        address = child.get("href") or child.get("url") or ""
        if name == "title" and not title:
            title = line_of(unescape(words))
        elif (
            name == "enclosure"
            or (name == "link" and child.get("rel") == "enclosure")
            or (name == "content" and address)
        ):
            videos.append((address, child.get("type") or child.get("medium") or ""))
        elif name == "link" and child.get("rel", "alternate") == "alternate":
            link = link or address or words
        elif name == "guid" and child.get("isPermaLink", "true") != "false":
            guid = words
        elif name in ("pubDate", "published", "date") or (name == "updated" and not published):
            published = words
        elif name in ("thumbnail", "image"):
            cover = cover or address
    kept = _videos(videos, links)
    url = links.read(link) or links.read(guid) or (kept[0][0] if kept else "")
    return FeedItem(title[:300], url, _date(published), links.read(cover), kept)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _json_list(text: str, options: Mapping[str, Any]) -> list[Any]:
    try:
        found: Any = orjson.loads(text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError as error:
        raise PageUnreadable(_("The feed is no JSON.")) from error
    if isinstance(options.get("items"), str):
        found = _at(found, options["items"])
    elif isinstance(found, dict):
        found = next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
    if not isinstance(found, list):
        raise PageUnreadable(_("The JSON holds no list of items where one is looked for."))
    return found[:MAX_ITEMS]


def _json_item(item: Any, links: Links, options: Mapping[str, Any]) -> FeedItem | None:
    if not isinstance(item, dict):
        return None
    told = {name: _told(item, options.get(name), usual) for name, usual in FIELDS.items()}
    attachments = item.get("attachments")
    videos = [
        (str(part.get("url") or ""), str(part.get("mime_type") or ""))
        for part in (attachments if isinstance(attachments, list) else [])[:20]
        if isinstance(part, dict)
    ]
    if told["video"]:
        videos.insert(0, (told["video"], "video/mp4" if not _VIDEO_ENDING.search(told["video"]) else ""))
    kept = _videos(videos, links)
    return FeedItem(
        title=told["title"][:300],
        url=links.read(told["link"]) or (kept[0][0] if kept else ""),
        published_on=_date(told["date"]),
        cover_url=links.read(told["cover"]),
        videos=kept,
        show=told["show"][:300],
        season=_count(told["season"]),
        episode=_count(told["episode"]),
    )


def _told(item: Mapping[str, Any], place: Any, usual: tuple[str, ...]) -> str:
    """The text at the operator's place ("anime.title.romaji"), or at the first of the usual names that holds one."""
    found = [_at(item, place)] if isinstance(place, str) and place else [item.get(name) for name in usual]
    return next(filter(None, map(_words, found)), "")


def _words(value: Any) -> str:
    """A text or a number (7.0 is "7") on one line; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return line_of(str(int(value) if isinstance(value, float) and value.is_integer() else value))


def _at(value: Any, place: str) -> Any:
    for part in place.split(".")[:10]:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isascii() and part.isdigit():
            value = value[int(part[:6])] if int(part[:6]) < len(value) else None
        else:
            return None
    return value


def _videos(found: Iterable[tuple[str, str]], links: Links) -> tuple[tuple[str, str], ...]:
    safe = ((links.read(address), kind) for address, kind in found)
    return tuple(
        (url, kind)
        for url, kind in dict(safe).items()
        if url and (kind == "video" or _VIDEO.match(kind) or _VIDEO_ENDING.search(url))
    )


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


def _date(text: str) -> datetime.date | None:
    """The day of an RFC 822 or ISO moment, in UTC where it tells its zone."""
    try:
        moment = datetime.datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
        return (moment.astimezone(datetime.UTC) if moment.tzinfo else moment).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
