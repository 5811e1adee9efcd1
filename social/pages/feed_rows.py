"""Rows of the feed as templates draw them: sentences with links in them, covers, the time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from accounts.facade import User
from catalog.facade import CardView, card_view
from core.site.preferences import TitleLanguage, title_language_of
from social.models import FeedVerb
from social.selectors.feed import FeedLine, FeedRow

COVERS = 6
ICONS = {
    FeedVerb.WATCHED: "play",
    FeedVerb.COMPLETED: "circle-check",
    FeedVerb.PLANNED: "bookmark",
    FeedVerb.STARTED: "play",
    FeedVerb.DROPPED: "x",
    FeedVerb.RATED: "star",
    FeedVerb.POSTED: "message-square",
    FeedVerb.COLLECTED: "layers",
}


@dataclass(frozen=True, slots=True)
class RowView:
    """One row. `words` are a sentence with links, `covers` at most `COVERS`, `more` how many anime have none here."""

    person: User
    verb: str
    icon: str
    words: SafeString
    when: datetime
    score: int | None
    covers: list[CardView]
    more: int
    ids: list[str]
    is_own: bool
    is_covered: bool


def rows_of(request: HttpRequest, rows: Iterable[FeedRow]) -> list[RowView]:
    """Rows in the viewer's language of titles; no query."""
    language = title_language_of(request)
    return [_row(row, language, is_own=row.person.pk == request.user.pk) for row in rows]


def _row(row: FeedRow, language: TitleLanguage, *, is_own: bool) -> RowView:
    cards = [card_view(line.card, language) for line in row.lines if line.card]
    item = row.line.item
    return RowView(
        person=row.person,
        verb=item.verb,
        icon=ICONS[FeedVerb(item.verb)],
        words=_words(row, cards),
        when=item.updated_at,
        score=None if item.score is None or row.others else round(item.score),
        covers=cards[:COVERS],
        more=max(0, len(cards) - COVERS),
        ids=[str(line.item.pk) for line in row.lines],
        is_own=is_own,
        is_covered=row.line.is_covered,
    )


def _words(row: FeedRow, cards: list[CardView]) -> SafeString:
    item, others = row.line.item, len(row.others)
    values: dict[str, Any] = {
        "who": _link(reverse("profile", args=[row.person.username]), row.person.name, "feed-who"),
        "what": _what(row.line, cards),
        "first": item.first_episode,
        "last": item.last_episode,
        "count": others,
    }
    return format_html(_gathered(item.verb, others) if others else _sentence(row.line), **values)


def _sentence(line: FeedLine) -> str:
    """The sentence of one line; {who} and {what} are links."""
    item = line.item
    if item.verb == FeedVerb.WATCHED:
        if item.first_episode == item.last_episode:
            return gettext("{who} watched episode {last} of {what}")
        return gettext("{who} watched episodes {first}–{last} of {what}")
    return {
        FeedVerb.COMPLETED: gettext("{who} completed {what}"),
        FeedVerb.PLANNED: gettext("{who} plans to watch {what}"),
        FeedVerb.STARTED: gettext("{who} began to watch {what}"),
        FeedVerb.DROPPED: gettext("{who} dropped {what}"),
        FeedVerb.RATED: gettext("{who} rated {what}"),
        FeedVerb.POSTED: gettext("{who} posted {what}"),
        FeedVerb.COLLECTED: gettext("{who} made the collection {what}"),
    }[FeedVerb(item.verb)]


def _gathered(verb: str, others: int) -> str:
    if verb == FeedVerb.PLANNED:
        return ngettext(
            "{who} plans to watch {what} and {count} other", "{who} plans to watch {what} and {count} others", others
        )
    return ngettext("{who} rated {what} and {count} other", "{who} rated {what} and {count} others", others)


def _what(line: FeedLine, cards: list[CardView]) -> SafeString:
    item = line.item
    if item.post_id:
        return _link(reverse("post", args=[item.post_id]), line.post_title, "feed-what")
    if item.collection_id:
        return _link(reverse("collection", args=[item.collection_id]), line.collection_title, "feed-what")
    card = cards[0]
    return format_html(
        '<a class="feed-what" href="{}" lang="{}"><bdi>{}</bdi></a>', card.href, card.title_language, card.title
    )


def _link(href: str, text: str, kind: str) -> SafeString:
    return format_html('<a class="{}" href="{}"><bdi>{}</bdi></a>', kind, href, text)
