"""Entries as the list draws them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.facade import User
from catalog.facade import CardView, anime_cards, card_view
from core.site.preferences import title_language_of
from lists.access import entries_of
from lists.models import EntryStatus, ListEntry
from lists.pages import entry_pieces
from lists.pages.entry_forms import ROW_FIELDS, state_of, texts_of, was_of
from lists.selectors.preferences import preferences_of

if TYPE_CHECKING:
    from core.site.preferences import TitleLanguage


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry with its card. `total`: episodes of the anime, None when unknown; `waiting`: aired and not yet seen.

    `next_number` is the episode that "+1" counts, None when there is nothing left to count. `anime_id` is a text and
    `path` what the addresses of its forms begin with: a hundred rows are drawn at once, and looking both up costs most.
    """

    entry: ListEntry
    item: CardView
    score: int | None
    score_format: str
    tags: tuple[str, ...]
    total: int | None
    next_number: int | None
    waiting: int
    was: str
    anime_id: str
    path: str

    @property
    def poster(self) -> SafeString:
        return entry_pieces.poster(self.item)

    @property
    def facts(self) -> SafeString:
        return entry_pieces.facts(self.entry, self.item, self.tags, self.waiting)

    @property
    def progress(self) -> SafeString:
        return entry_pieces.progress(self.entry, total=self.total, percent=self._percent)

    @property
    def own_progress(self) -> SafeString:
        plus = entry_pieces.plus_button(self.entry.anime_id, self.next_number, self.item.title, self.path)
        return entry_pieces.progress(self.entry, total=self.total, percent=self._percent, plus=plus)

    @property
    def _percent(self) -> int:
        return min(100, round(100 * self.entry.episodes_watched / self.total)) if self.total else 0

    @property
    def status_options(self) -> SafeString:
        return _status_options(self.entry.status, get_language() or "")


@lru_cache(maxsize=64)
def _status_options(chosen: str, language: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected" if value == chosen else ""), label) for value, label in EntryStatus.choices),  # noqa: S308
    )


def next_number_of(status: str, episodes_watched: int, total: int | None) -> int | None:
    """The episode that "+1" counts: like `services.episode_next` decides it."""
    if total is None:
        return None if status == EntryStatus.COMPLETED else episodes_watched + 1
    return episodes_watched + 1 if episodes_watched < total else None


def entry_row(
    entry: ListEntry, card: Mapping[str, Any], language: "TitleLanguage", score_format: str, base: str
) -> EntryRow:
    """`entry` comes with its score and tags (`lists.access.entries_of`); `base` is the address of the own list."""
    state = state_of(entry)
    assert state is not None  # noqa: S101 — there is an entry
    total = card.get("episode_count") or None
    aired = (card.get("latest_episode") or {}).get("number") or 0
    follows = entry.status in (EntryStatus.WATCHING, EntryStatus.REWATCHING, EntryStatus.ON_HOLD)
    return EntryRow(
        entry=entry,
        item=card_view(card, language),
        score=state.score,
        score_format=score_format,
        tags=state.tags,
        total=total,
        next_number=next_number_of(entry.status, entry.episodes_watched, total),
        waiting=max(0, min(aired, total or aired) - entry.episodes_watched) if follows else 0,
        was=was_of(texts_of(state, score_format), ROW_FIELDS),
        anime_id=str(entry.anime_id),
        path=f"{base}/{entry.anime_id}",
    )


def entry_rows(
    viewer: Any, entries: Iterable[ListEntry], language: "TitleLanguage", score_format: str
) -> list[EntryRow]:
    """Rows in order; one query for all cards. An anime that lost its document is left out."""
    found = list(entries)
    cards = anime_cards(viewer, [entry.anime_id for entry in found])
    base = reverse("my-list")
    return [
        entry_row(entry, cards[entry.anime_id], language, score_format, base)
        for entry in found
        if entry.anime_id in cards
    ]


def row_html(request: HttpRequest, user: User, anime_id: int, *, is_beside: bool = False) -> str:
    """One row of the own list as it stands now; "" when the anime is not on it. `is_beside`: htmx finds its place itself."""
    entries = entries_of(user, user).filter(anime_id=anime_id)
    rows = entry_rows(user, entries, title_language_of(request), preferences_of(user).score_format)
    if not rows:
        return format_html('<li id="entry-{}" hx-swap-oob="delete"></li>', anime_id) if is_beside else ""
    context = {"row": rows[0], "is_own": True, "is_beside": is_beside}
    return render_to_string("lists/partials/entry_row.html", context, request=request)
