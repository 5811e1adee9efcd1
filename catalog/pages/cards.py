"""Card documents as templates draw them: the title in the viewer's language, the address, the cover."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.urls import reverse

from core.site.preferences import TitleLanguage

PATTERNS = 6


@dataclass(frozen=True, slots=True)
class Cover:
    """A drawn cover: `hue` in degrees and `pattern` 0–5 come from the main title, so an anime always looks the same."""

    text: str
    language: str
    hue: int
    pattern: int


@dataclass(frozen=True, slots=True)
class CardView:
    """One card. `score` is 0–10 with one decimal as text, "" when unknown; `card` is the document itself."""

    id: int
    title: str
    title_language: str
    href: str
    cover: Cover
    score: str
    card: Mapping[str, Any]


def anime_path(anime_id: int, slug: str) -> str:
    """The address of an anime's page."""
    return reverse("anime", args=[anime_id, slug] if slug else [anime_id])


def title_pick(card: Mapping[str, Any], language: TitleLanguage) -> tuple[str, str]:
    """(title, BCP 47) in the wanted language, else romaji."""
    if language == "english" and card.get("title_english"):
        return card["title_english"], "en"
    if language == "native" and card.get("title_native"):
        return card["title_native"], native_language(card)
    return card["title"], "ja-Latn" if card.get("country", "JP") == "JP" else "und"


def native_language(card: Mapping[str, Any]) -> str:
    """The language of the native title, from the country."""
    return {"CN": "zh", "TW": "zh", "HK": "zh", "KR": "ko"}.get(card.get("country") or "JP", "ja")


def cover_draw(card: Mapping[str, Any], language: TitleLanguage = "romaji") -> Cover:
    """The cover of an anime without a stored poster. Native titles are set in columns, as on a paperback."""
    number = crc32(card["title"].encode())
    native = card.get("title_native") or ""
    # Half of the shelf would look the same with one direction only: short native names in columns, others in lines.
    if native and len(native) <= 22 and not native.isascii():
        text, tag = native, native_language(card)
    else:
        text, tag = title_pick(card, language)
    return Cover(text=text, language=tag, hue=number % 360, pattern=(number >> 10) % PATTERNS)


def score_text(score: float | None) -> str:
    """A score of 0–100 as people read it: one decimal out of ten; "" when there is none."""
    return "" if score is None else f"{score / 10:.1f}"


def card_view(card: Mapping[str, Any], language: TitleLanguage) -> CardView:
    """A card document made ready for a template."""
    title, tag = title_pick(card, language)
    return CardView(
        id=card["id"],
        title=title,
        title_language=tag,
        href=anime_path(card["id"], card.get("slug") or ""),
        cover=cover_draw(card, language),
        score=score_text(card.get("score")),
        card=card,
    )


def card_views(cards: Iterable[Mapping[str, Any]], language: TitleLanguage) -> list[CardView]:
    """Many of them, in order."""
    return [card_view(card, language) for card in cards]
