"""Card documents as templates draw them: the title in the viewer's language, the address, the cover."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.urls import reverse
from django.utils.translation import gettext

from catalog.models import AnimeKind
from core.site.preferences import TitleLanguage

PATTERNS = 6
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")
LONGEST_COLUMN = 24
"""Characters of a native title that still fit a cover when they are set in columns."""
KIND_SHORT = {"tv": "TV", "pv": "PV", "cm": "CM"}


@dataclass(frozen=True, slots=True)
class Cover:
    """A drawn cover: `hue` in degrees and `pattern` 0–5 come from the main title, so an anime always looks the same.

    `is_in_columns` sets the text from top to bottom, as on the spine of a book.
    """

    text: str
    language: str
    hue: int
    pattern: int
    is_in_columns: bool


@dataclass(frozen=True, slots=True)
class Image:
    """A stored picture for <img>; width and height in pixels keep its place while it loads."""

    src: str
    srcset: str
    avif: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Badge:
    """A mark on a cover: `kind` (sub, dub, wait, plain) chooses its look."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class CardView:
    """One card. `score` is 0–10 with one decimal as text, "" when unknown; `image` is None while no poster is stored."""

    id: int
    title: str
    title_language: str
    href: str
    cover: Cover
    image: Image | None
    score: str
    facts: tuple[str, ...]
    genres: str
    badges: tuple[Badge, ...] = ()


def anime_path(anime_id: int, slug: str) -> str:
    """The address of an anime's page; a slug that no address can hold is left out."""
    path = reverse("anime", args=[anime_id])
    return f"{path}-{slug}" if _SLUG.fullmatch(slug) else path


def title_pick(card: Mapping[str, Any], language: TitleLanguage) -> tuple[str, str]:
    """(title, BCP 47) in the wanted language, else the main title, which is romaji where that is known."""
    if language == "english" and card.get("title_english"):
        return card["title_english"], "en"
    if language == "native" and card.get("title_native"):
        return card["title_native"], native_language(card)
    if _CJK.search(card["title"]):  # no romaji is known
        return card["title"], native_language(card)
    return card["title"], "ja-Latn" if card.get("country", "JP") == "JP" else "und"


def native_language(card: Mapping[str, Any]) -> str:
    """The language of the native title, from the country."""
    return {"CN": "zh", "TW": "zh", "HK": "zh", "KR": "ko"}.get(card.get("country") or "JP", "ja")


def cover_draw(card: Mapping[str, Any], language: TitleLanguage = "romaji") -> Cover:
    """The cover of an anime without a stored poster. Native titles are set in columns, as on a paperback."""
    number = crc32(card["title"].encode())
    native = card.get("title_native") or ""
    is_in_columns = bool(native) and len(native) <= LONGEST_COLUMN and not native.isascii()
    text, tag = (native, native_language(card)) if is_in_columns else title_pick(card, language)
    return Cover(text, tag, hue=number % 360, pattern=(number >> 10) % PATTERNS, is_in_columns=is_in_columns)


def score_text(score: float | None) -> str:
    """A score of 0–100 as people read it: one decimal out of ten; "" when there is none."""
    return "" if score is None else f"{score / 10:.1f}"


def image_of(stored: Mapping[str, Any] | None) -> Image | None:
    """The picture of a card document (`poster`, `banner`), None when it is not stored here: never an address of another host."""
    variants = sorted((stored or {}).get("variants", {}).items(), key=lambda item: int(item[0]))
    pictures = [(width, formats.get("webp") or next(iter(formats.values()))) for width, formats in variants if formats]
    if stored is None or not pictures:
        return None
    return Image(
        src=pictures[-1][1],
        srcset=", ".join(f"{address} {width}w" for width, address in pictures),
        avif=", ".join(f"{formats['avif']} {width}w" for width, formats in variants if "avif" in formats),
        width=stored["width"],
        height=stored["height"],
    )


def facts_of(card: Mapping[str, Any]) -> tuple[str, ...]:
    """Type, year and number of episodes, as far as they are known."""
    facts = []
    if (kind := card.get("type")) and kind != AnimeKind.UNKNOWN:
        facts.append(KIND_SHORT.get(kind) or str(AnimeKind(kind).label))
    if year := card.get("year"):
        facts.append(str(year))
    if (episodes := card.get("episode_count")) and episodes > 1:
        facts.append(gettext("%(count)s ep.") % {"count": episodes})
    return tuple(facts)


def card_view(card: Mapping[str, Any], language: TitleLanguage, badges: Iterable[Badge] = ()) -> CardView:
    """A card document made ready for a template, in the language that is active now."""
    title, tag = title_pick(card, language)
    return CardView(
        id=card["id"],
        title=title,
        title_language=tag,
        href=anime_path(card["id"], card.get("slug") or ""),
        cover=cover_draw(card, language),
        image=image_of(card.get("poster")),
        score=score_text(card.get("score")),
        facts=facts_of(card),
        genres=", ".join(genre if isinstance(genre, str) else genre["name"] for genre in card["genres"][:3]),
        badges=tuple(badges),
    )


def card_views(cards: Iterable[Mapping[str, Any]], language: TitleLanguage) -> list[CardView]:
    """Many of them, in order."""
    return [card_view(card, language) for card in cards]
