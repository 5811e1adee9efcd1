"""What is on somebody's list: one entry, a page of them filtered and sorted, the counts beside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from accounts.facade import User
from catalog.facade import anime_cards
from core.site.preferences import TitleLanguage
from lists.models import EntryStatus, EntryTag, ListEntry

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser

SORTS = ("updated", "title", "score", "progress", "started", "finished", "added")
"""What a list is sorted by; with "-" in front the other way round, the largest or latest first."""
QUERY_LENGTH = 100


@dataclass(frozen=True, slots=True)
class EntryQuery:
    """Which entries of a list, in which order. "" and None do not narrow; of several tags an entry has all.

    `q` is part of any of the anime's titles; `title_language` the title that "title" sorts by.
    """

    status: str = ""
    q: str = ""
    tags: tuple[str, ...] = ()
    is_favourite: bool | None = None
    is_private: bool | None = None
    year: int | None = None
    sort: str = "-updated"
    title_language: TitleLanguage = "romaji"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry with its anime's card, None where the catalogue hides the anime; `title` is its main title in any case.

    `entry.score` is 0–100 or None, `tags` in order. `notes` are for the owner alone: "" for everybody else.
    """

    entry: ListEntry
    card: dict[str, Any] | None
    title: str
    tags: tuple[str, ...]
    notes: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """`count` of all that fit the query, `rows` of this page."""

    count: int
    rows: list[EntryRow]


def entries_page(
    viewer: "Viewer", entries: QuerySet[ListEntry], query: EntryQuery, *, offset: int = 0, size: int = 100
) -> EntryPage:
    """A page of `entries`, which come from `lists.access` (`entries_of`, `get_list(…).entries`). Four queries."""
    found = entries_filtered(entries, query)
    rows = entries_sorted(found, query).annotate(anime_title=F("anime__title"))[offset : offset + size]
    return EntryPage(found.count(), entry_rows(viewer, list(rows)))


def entries_filtered(entries: QuerySet[ListEntry], query: EntryQuery) -> QuerySet[ListEntry]:
    """Those of `entries` that fit the query, in no order."""
    if query.status:
        entries = entries.filter(status=query.status)
    if query.is_favourite is not None:
        entries = entries.filter(is_favourite=query.is_favourite)
    if query.is_private is not None:
        entries = entries.filter(is_private=query.is_private)
    if query.year is not None:
        entries = entries.filter(anime__year=query.year)
    for tag in query.tags:
        entries = entries.filter(pk__in=EntryTag.objects.called(tag).values("entry"))
    words = query.q.strip()[:QUERY_LENGTH]
    if words:
        entries = entries.filter(_named(words, entries))
    return entries


def _named(words: str, entries: QuerySet[ListEntry]) -> Q:
    # SQLite folds the case of ASCII alone: the usual ways to write a word stand in for the rest.
    main, any_title = Q(), Q()
    usual = {words} if words.isascii() else {words, words.lower(), words.upper(), words.capitalize(), words.title()}
    for spelling in usual:
        main |= Q(anime__title__icontains=spelling)
        any_title |= Q(anime__titles__text__icontains=spelling)
    # Narrowed to the one list, so that the titles of everybody's entries are never read.
    listed = entries.order_by().values("pk")
    return main | Q(pk__in=ListEntry.objects.filter(any_title, pk__in=listed).values("pk"))


def entries_sorted(entries: QuerySet[ListEntry], query: EntryQuery) -> QuerySet[ListEntry]:
    """In the order of the query. What has no value (no score, no date) stands last both ways."""
    name = query.sort.removeprefix("-")
    is_down = query.sort.startswith("-")
    expressions: dict[str, Any] = {
        "updated": F("updated_at"),
        "title": Lower(_title(query.title_language)),
        "score": F("score"),
        "progress": F("episodes_watched"),
        "started": NullIf("started_on", Value("")),
        "finished": NullIf("finished_on", Value("")),
        "added": F("created_at"),
    }
    expression = expressions.get(name, expressions["updated"])
    order = expression.desc(nulls_last=True) if is_down else expression.asc(nulls_last=True)
    return entries.order_by(order, "pk")


def _title(language: TitleLanguage) -> Any:
    if language == "english":
        return Coalesce(NullIf("anime__title_english", Value("")), "anime__title")
    if language == "native":
        return Coalesce(NullIf("anime__title_native", Value("")), "anime__title")
    return F("anime__title")


def entry_rows(viewer: "Viewer", entries: Sequence[ListEntry]) -> list[EntryRow]:
    """The entries with their cards; one query besides what `entries` carry (score, tags, `anime_title`)."""
    cards = anime_cards(viewer, [entry.anime_id for entry in entries])
    return [
        EntryRow(
            entry=entry,
            card=cards.get(entry.anime_id),
            title=entry.anime_title,  # type: ignore[attr-defined]
            tags=tuple(tag.name for tag in entry.tags.all()),
            notes=entry.notes if entry.user_id == viewer.pk else "",
        )
        for entry in entries
    ]


def entry_row(user: User, anime_id: int) -> EntryRow | None:
    """The user's own entry for one anime as `entries_page` has it, or None. Three queries."""
    found = ListEntry.objects.filter(user=user, anime_id=anime_id).with_score().prefetch_related("tags")
    entry = found.annotate(anime_title=F("anime__title")).first()
    if entry is None:
        return None
    row = entry_rows(user, [entry])[0]
    return replace(row, tags=tuple(sorted(row.tags)))


def entry_of(user: User, anime_id: int) -> ListEntry | None:
    """The user's entry for one anime, or None."""
    return ListEntry.objects.filter(user=user, anime_id=anime_id).first()


def statuses_of(user: User, anime_ids: Iterable[int]) -> dict[int, str]:
    """{anime id: status} of those anime that are on the list."""
    return dict(ListEntry.objects.filter(user=user, anime_id__in=list(anime_ids)).values_list("anime_id", "status"))


FOLLOWED = (EntryStatus.PLANNED, EntryStatus.WATCHING, EntryStatus.ON_HOLD, EntryStatus.REWATCHING)
"""All but what is behind somebody: completed and dropped."""


def followed_ids(user: User) -> set[int]:
    """Ids of the anime whose next episode somebody waits for (the schedule and its feeds): `FOLLOWED`. One query."""
    kept = ListEntry.objects.filter(user=user, status__in=FOLLOWED)
    return set(kept.values_list("anime_id", flat=True))


def tags_of(user: User) -> list[tuple[str, int]]:
    """The words on the user's own entries with how many carry each, by name. One query."""
    return list(EntryTag.objects.filter(entry__user=user).folders())


def status_counts(entries: QuerySet[ListEntry]) -> dict[str, int]:
    """{status: how many of `entries`}, every status named. One query."""
    rows = entries.order_by().values("status").annotate(count=Count("pk"))
    found = {row["status"]: row["count"] for row in rows}
    return {status: found.get(status, 0) for status in EntryStatus.values}
