"""Pieces of an entry's row that are drawn in Python: a page has a hundred rows, and templates take most of its time."""

from functools import lru_cache
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from core.templatetags.site import icon
from lists.models import ListEntry

if TYPE_CHECKING:
    from collections.abc import Hashable

    from catalog.facade import CardView

_SIZES = "(max-width: 700px) 30vw, 160px"


def poster(item: "CardView") -> SafeString:
    """`includes/poster.html` at the size of a row."""
    return _poster(item.cover, item.image)


@lru_cache(maxsize=1024)
def _poster(cover: "Hashable", image: "Hashable") -> SafeString:
    item = {"cover": cover, "image": image, "badges": ()}
    return render_to_string("includes/poster.html", {"item": item, "sizes": _SIZES})


def facts(entry: ListEntry, item: "CardView", tags: tuple[str, ...], waiting: int) -> SafeString:
    """The line below the title: marks, what the anime is, what waits, rewatches, dates, words. All texts escaped."""
    pieces = []
    if entry.is_private:
        pieces.append(f'<span class="entry-mark">{icon("lock", gettext("Private"))}</span>')
    if entry.is_favourite:
        pieces.append(f'<span class="entry-mark entry-heart">{icon("heart", gettext("Favourite"))}</span>')
    pieces += [f"<span>{escape(fact)}</span>" for fact in item.facts]
    if waiting:
        words = ngettext("%(count)s episode to see", "%(count)s episodes to see", waiting) % {"count": waiting}
        pieces.append(f'<span class="entry-waiting">{escape(words)}</span>')
    if entry.rewatch_count:
        pieces.append(f"<span>{icon('repeat', gettext('Rewatched'))} {entry.rewatch_count}</span>")
    if entry.started_on or entry.finished_on:
        days = escape(entry.started_on or "…") + (f" – {escape(entry.finished_on)}" if entry.finished_on else "")
        pieces.append(f'<span class="entry-dates">{icon("calendar-days")}{days}</span>')
    pieces += [f'<span class="entry-tag">{escape(tag)}</span>' for tag in tags]
    return mark_safe("".join(pieces))  # noqa: S308 — every text above is escaped


def progress(entry: ListEntry, *, total: int | None, percent: int, plus: str = "") -> SafeString:
    """Episodes seen, the bar and between them `plus`, the button of the own list."""
    seen = f'<b>{entry.episodes_watched}</b><span class="muted">/{"?" if total is None else total}</span>'
    bar = f'<span class="bar" style="--done-percent:{percent}"><i></i></span>'
    return mark_safe(  # noqa: S308 — numbers, and a button that is safe
        f'<span class="entry-progress"><span class="entry-count">{seen}</span>{plus}{bar}</span>'
    )


def plus_button(anime_id: int, number: int | None, title: str, path: str) -> str:
    """The button "+1" in the form of a row, which counts episode `number`; "" when there is none left. Texts escaped."""
    if not number:
        return ""
    label = gettext("Count episode %(number)s of %(title)s") % {"number": number, "title": title}
    return (
        f'<button class="button button-small entry-plus" id="plus-{anime_id}" formaction="{escape(path)}/next" '
        f'name="expected" value="{number}" aria-label="{escape(label)}">+1</button>'
    )
