"""What somebody was told: pages by key, who did it, words in their language, excerpts behind their shield."""

import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.facade import User, people_visible
from catalog.facade import anime_cards, title_pick
from core.api.pagination import keyset_page
from core.errors import MalformedRequest
from core.site.preferences import TitleLanguage
from social.models import Comment, Notification, NotificationActor, Post
from social.notices import NEW_EPISODE
from social.notification_words import Words, who_words, words_of
from social.selectors.shields import shield_for

FACES = 3
"""So many of those who did it are shown, the latest first."""
DEFAULT_LIMIT, MAX_LIMIT = 20, 100
_LEADS = re.compile(r"^/(comments|community/posts)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/?#]|$)")
GONE = "…"
"""Instead of the name of what the reader may no longer see."""


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """One notification as its person sees it.

    `actors`: up to `FACES` of those who did it, `actor_count` all whom the reader may know of. `excerpt` is "" where it
    `is_covered`, and where the reader may not read what it is from (deleted, hidden, across a block). `card`: the anime's
    card document, None without one.
    """

    notification: Notification
    words: Words
    actors: list[User]
    actor_count: int
    excerpt: str
    is_covered: bool
    card: dict[str, Any] | None

    @property
    def is_read(self) -> bool:
        return self.notification.read_at is not None


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """A page of rows, the latest first; cursors are None at the ends."""

    rows: list[NotificationRow]
    next_cursor: str | None
    previous_cursor: str | None = None


def notifications_of(
    viewer: User, *, kinds: Collection[str] | None = None, is_unread: bool = False
) -> QuerySet[Notification]:
    """One's own notifications on the site, of these kinds; the indexes serve both orders."""
    rows = Notification.objects.filter(user=viewer, by_site=True)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return rows.filter(read_at=None) if is_unread else rows


def notifications_page(
    viewer: User,
    *,
    titles: TitleLanguage = "romaji",
    kinds: Collection[str] | None = None,
    is_unread: bool = False,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> NotificationPage:
    """The latest first, from `cursor` on. At most eight queries, whatever the rows. Raises `MalformedRequest` for a cursor
    that is none.
    """
    found = notifications_of(viewer, kinds=kinds, is_unread=is_unread)
    try:
        page = keyset_page(found, fields=("-updated_at", "-id"), cursor=cursor, size=min(limit, MAX_LIMIT))
    except ValidationError as error:
        raise MalformedRequest("The cursor is not one that this server gave.") from error
    return NotificationPage(rows_shown(viewer, page.rows, titles=titles), page.next, page.previous)


def notification_shown(
    viewer: User, notification_id: uuid.UUID, *, titles: TitleLanguage = "romaji"
) -> NotificationRow | None:
    """One of one's own; None for any other."""
    rows = list(notifications_of(viewer).filter(pk=notification_id))
    return rows_shown(viewer, rows, titles=titles)[0] if rows else None


def rows_shown(
    viewer: User, rows: Sequence[Notification], *, titles: TitleLanguage = "romaji"
) -> list[NotificationRow]:
    """Rows made ready to read, in their order; seven queries at most."""
    if not rows:
        return []
    faces, hidden = _faces(viewer, rows), _hidden_counts(viewer, rows)
    cards = anime_cards(viewer, [row.anime_id for row in rows if row.anime_id is not None])
    shield = shield_for(viewer, [row.anime_id for row in rows if row.spoils_episode is not None])
    reads = _readings(viewer, rows)
    shown = []
    for row in rows:
        card = cards.get(row.anime_id) if row.anime_id is not None else None
        count = max(row.actor_count - hidden.get(row.pk, 0), len(faces[row.pk]))
        about = ""
        if row.kind == NEW_EPISODE.code:  # without a card the anime was taken down
            about = title_pick(card, titles)[0] if card else GONE
        source = _source_of(row)
        if source is not None and source[1] not in reads:
            about, card = GONE, None
        words = words_of(row.kind, row.context, who=who_words(faces[row.pk], count), about=about)
        excerpt = str(row.context.get("excerpt", "")) if source is None or reads.get(source[1]) else ""
        is_covered = bool(excerpt) and shield.covers(
            anime_id=row.anime_id, spoils_episode=row.spoils_episode, is_spoiler=row.is_spoiler, author_id=None
        )
        shown.append(NotificationRow(row, words, faces[row.pk], count, "" if is_covered else excerpt, is_covered, card))
    return shown


def _visible(viewer: User) -> Exists:
    return Exists(people_visible(viewer).filter(pk=OuterRef("user_id")).order_by())


def _faces(viewer: User, rows: Sequence[Notification]) -> dict[uuid.UUID, list[User]]:
    """By notification the latest whom the viewer may see; two queries."""
    latest = Window(RowNumber(), partition_by=F("notification_id"), order_by=[F("created_at").desc(), F("id").desc()])
    actors = NotificationActor.objects.filter(_visible(viewer), notification__in=_with_actors(rows))
    picked = actors.annotate(place=latest).filter(place__lte=FACES).order_by("notification_id", "place")
    pairs = list(picked.values_list("notification_id", "user_id"))
    people = people_visible(viewer).in_bulk({who for _row, who in pairs}) if pairs else {}
    found: dict[uuid.UUID, list[User]] = defaultdict(list)
    for row_id, who in pairs:
        if who in people:
            found[row_id].append(people[who])
    return found


def _hidden_counts(viewer: User, rows: Sequence[Notification]) -> dict[uuid.UUID, int]:
    """By notification how many of its actors the viewer may not know of; one query."""
    actors = NotificationActor.objects.filter(~_visible(viewer), notification__in=_with_actors(rows)).order_by()
    return dict(actors.values_list("notification_id").annotate(n=Count("pk")))


def _with_actors(rows: Sequence[Notification]) -> list[uuid.UUID]:
    return [row.pk for row in rows if row.actor_count]


def _source_of(row: Notification) -> tuple[str, uuid.UUID] | None:
    """The comment or post to which it leads, by the beginning of its address and its id."""
    found = _LEADS.match(row.url)
    return (found[1], uuid.UUID(found[2])) if found else None


def _readings(viewer: User, rows: Sequence[Notification]) -> dict[uuid.UUID, bool]:
    """By id, of the comments and posts to which rows lead, those whose place the viewer may open: whether they read its text.

    The rules of the addresses themselves: what is no more to be read there is not read here either. Two queries at most.
    """
    wanted: dict[str, set[uuid.UUID]] = defaultdict(set)
    for source in filter(None, map(_source_of, rows)):
        wanted[source[0]].add(source[1])
    found: dict[uuid.UUID, bool] = {}
    if ids := wanted["comments"]:
        found |= Comment.objects.filter(pk__in=ids).under_visible(viewer).readings(viewer)
    if ids := wanted["community/posts"]:
        posts = Post.objects.visible_to(viewer).filter(pk__in=ids).order_by()
        found |= dict.fromkeys(posts.values_list("pk", flat=True), True)
    return found
