"""The feed as somebody reads it: of friends and whom they follow, of everybody, of one person, their own."""

import math
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.dateparse import parse_datetime

from accounts.facade import User, people_visible, person_by_username
from catalog.facade import anime_cards
from core.api.pagination import cursor_decode, cursor_encode, keyset_page
from core.errors import MalformedRequest, NotFound
from core.markup import seen_text
from social.models import FeedItem, FeedVerb, Follow
from social.querysets.feed import shown_to_everybody, shown_to_friends
from social.selectors.relations import friend_ids
from social.selectors.shields import shield_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser

ORDER = ("-updated_at", "-id")
READ = 3
"""Lines that are read for one row: what somebody plans or rates in a row is one of them."""
GATHERED = frozenset({FeedVerb.PLANNED, FeedVerb.RATED})
PAUSE = timedelta(hours=3)
STRETCHES = (300, 5_000)
"""Lines of everybody that one page looks through, more only where the first were not enough: where few people show what
they do, a page may be short.
"""
_UNREAD = ("parts", "post__body", "post__html", "collection__description")


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One line. One of `card` (a catalogue document), `post_title` and `collection_title` is there.

    `is_covered`: the post's title gives away what the viewer has not seen.
    """

    item: FeedItem
    card: dict[str, Any] | None = None
    post_title: str = ""
    collection_title: str = ""
    is_covered: bool = False


@dataclass(frozen=True, slots=True)
class FeedRow:
    """What one person did: the latest line, and what they did of the same kind just before (`others`)."""

    person: User
    line: FeedLine
    others: list[FeedLine]

    @property
    def lines(self) -> list[FeedLine]:
        return [self.line, *self.others]


@dataclass(frozen=True, slots=True)
class FeedPage:
    """`next_cursor` is None at the end. A page may be short, or empty, and have a next one."""

    rows: list[FeedRow]
    next_cursor: str | None


def feed_friends(viewer: User, *, cursor: str | None = None, limit: int = 20) -> FeedPage:
    """What friends show to friends and those whom the viewer follows to everybody; ten queries at most.

    Of 300 friends at most as many have a line on a page as it has lines: who they are is asked first, by one look at the
    latest line of each, then their lines alone are read, none older than the last of those. So it costs a look a friend,
    however many lines there are, and of one person no more lines are read than a page has. (2,000,000 lines, PostgreSQL:
    reading the lines of 300 friends through the index of all lines took 6.9 s where they were quiet, 0.8 s where they
    were not; this takes 12 ms.)
    """
    friends = friend_ids(viewer.pk)
    followed = set(Follow.objects.filter(follower=viewer).values_list("followed_id", flat=True)) - friends
    cursor_moment(cursor)
    if not friends and not followed:
        return FeedPage([], None)
    size = limit * READ
    told = _after(FeedItem.objects.told(), cursor).filter(user_id=OuterRef("pk")).order_by(*ORDER).values("updated_at")
    people = (
        people_visible(viewer)
        .filter(Q(shown_to_friends(), pk__in=list(friends)) | Q(shown_to_everybody(), pk__in=list(followed)))
        .exclude(pk=viewer.pk)
        .annotate(latest=Subquery(told[:1]))
        .order_by(F("latest").desc(nulls_last=True))
    )
    found = [person for person in people[: size + 1] if person.latest is not None]
    if not found:
        return FeedPage([], None)
    telling = [person.pk for person in found]
    lines = FeedItem.objects.told_to(viewer, friend_ids=friends.intersection(telling)).filter(user_id__in=telling)
    end = found[-1].latest if len(found) > size else _full_since(telling, told, size)
    if end is None:
        return _page(viewer, lines, cursor=cursor, limit=limit, known=found)
    page = _page(viewer, lines.filter(updated_at__gte=end), cursor=cursor, limit=limit, known=found)
    return page if page.next_cursor else FeedPage(page.rows, f"n.{cursor_encode([end, uuid.UUID(int=0)])}")


def _full_since(people: Collection[uuid.UUID], told: QuerySet[Any], size: int) -> datetime | None:
    """A moment since which few people have more than `size` lines together; None: they have not so many.

    Without it a page of few who do much reads all that they ever did. First by some lines of several people, then by all
    of one alone. Of each at most `size` + 1 lines are looked at.
    """
    for each in (math.isqrt(size) + 1, size + 1):
        rows = User.objects.filter(pk__in=people).annotate(since=Subquery(told[each - 1 : each]))
        moments = sorted((since for since in rows.values_list("since", flat=True) if since is not None), reverse=True)
        enough = math.ceil((size + 1) / each)
        if len(moments) >= enough:
            return moments[enough - 1]
    return None


def feed_public(viewer: "Viewer", *, cursor: str | None = None, limit: int = 20) -> FeedPage:
    """What people show to everybody, of the last of `STRETCHES` lines from the cursor on at most. Seven queries where people
    show what they do, twelve where few do.
    """
    recent = _after(FeedItem.objects.all(), cursor).order_by(*ORDER).values_list("updated_at", "pk")
    friends = friend_ids(viewer.pk) if viewer.is_authenticated else frozenset[uuid.UUID]()
    lines = FeedItem.objects.told_to(viewer, friend_ids=friends).of_everybody(viewer)
    for stretch in STRETCHES:
        end = recent[stretch : stretch + 1].first()
        within = lines if end is None else lines.filter(updated_at__gte=end[0])
        page = _page(viewer, within, cursor=cursor, limit=limit)
        if page.next_cursor or end is None:
            return page
    return FeedPage(page.rows, f"n.{cursor_encode(end)}")


def feed_mine(viewer: User, *, cursor: str | None = None, limit: int = 20) -> FeedPage:
    """The viewer's own lines, as others read them where they are shown to them."""
    lines = FeedItem.objects.told_to(viewer, friend_ids=()).filter(user=viewer)
    cursor_moment(cursor)
    return _page(viewer, lines, cursor=cursor, limit=limit)


def feed_of(viewer: "Viewer", username: str, *, cursor: str | None = None, limit: int = 20) -> FeedPage:
    """One person's lines. Raises `NotFound` for nobody, and for whoever does not show the viewer what they do."""
    cursor_moment(cursor)
    seen = person_by_username(viewer, username)
    if seen.is_private or not seen.shows_activity:
        raise NotFound()
    friends = friend_ids(viewer.pk) if viewer.is_authenticated and not seen.is_self else frozenset[uuid.UUID]()
    lines = FeedItem.objects.told_to(viewer, friend_ids=friends).filter(user=seen.user)
    return _page(viewer, lines, cursor=cursor, limit=limit, known=[seen.user])


def _after(lines: QuerySet[FeedItem], cursor: str | None) -> Any:
    """`lines` from the moment of a cursor on. Raises `MalformedRequest` for one that is none."""
    moment = cursor_moment(cursor)
    return lines if moment is None else lines.filter(updated_at__lte=moment)


def cursor_moment(cursor: str | None) -> datetime | None:
    """When the last line before a cursor was; None without one. Raises `MalformedRequest` (400)."""
    if not cursor:
        return None
    kind, _, values = cursor.partition(".")
    raw, key = cursor_decode(values, len(ORDER)) if kind == "n" else (None, None)
    try:
        moment = parse_datetime(raw) if isinstance(raw, str) and uuid.UUID(str(key)) else None
        in_utc = moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None
    except (ValueError, OverflowError):  # the second: years before the first or after the last that there are
        in_utc = None
    if in_utc is None:
        raise MalformedRequest("The cursor is not one that this server gave.")
    return in_utc


def _page(
    viewer: "Viewer",
    lines: QuerySet[FeedItem],
    *,
    cursor: str | None,
    limit: int,
    known: Collection[User] = (),
) -> FeedPage:
    """Rows of the lines from the cursor on; people, covers and shields in one query each."""
    wanted = lines.select_related("post", "collection").defer(*_UNREAD)
    found = keyset_page(wanted, fields=ORDER, cursor=cursor, size=limit * READ)
    runs = list(islice(_runs(found.rows), limit))
    read = [item for run in runs for item in run]
    people = {person.pk: person for person in known or people_visible(viewer).filter(pk__in={i.user_id for i in read})}
    cards = anime_cards(viewer, sorted({item.anime_id for item in read if item.anime_id}))
    shield = shield_for(viewer, [item.post.anime_id for item in read if item.post])

    def line_of(item: FeedItem) -> FeedLine | None:
        if item.anime_id is not None:
            card = cards.get(item.anime_id)
            return FeedLine(item, card) if card else None
        if item.post is not None:
            covered = shield.covers(
                anime_id=item.post.anime_id,
                spoils_episode=item.post.spoils_episode,
                is_spoiler=item.post.is_spoiler,
                author_id=item.user_id,
            )
            return FeedLine(item, post_title=seen_text(item.post.title), is_covered=covered)
        return FeedLine(item, collection_title=seen_text(item.collection.title)) if item.collection else None

    rows = []
    for run in runs:
        shown = [line for item in run if (line := line_of(item)) is not None]
        if shown and run[0].user_id in people:
            rows.append(FeedRow(people[run[0].user_id], shown[0], shown[1:]))
    if len(read) < len(found.rows):
        last = read[-1]
        return FeedPage(rows, f"n.{cursor_encode([last.updated_at, last.pk])}")
    return FeedPage(rows, found.next)


def _runs(items: Iterable[FeedItem]) -> Iterable[list[FeedItem]]:
    """Lines that make one row: of one person, of one gathered kind, without a longer pause or anything between."""
    run: list[FeedItem] = []
    for item in items:
        joins = (
            run
            and item.verb in GATHERED
            and (item.user_id, item.verb) == (run[-1].user_id, run[-1].verb)
            and run[-1].updated_at - item.updated_at <= PAUSE
        )
        if run and not joins:
            yield run
            run = []
        run.append(item)
    if run:
        yield run
