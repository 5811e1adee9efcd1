"""Continue watching: where somebody stopped, newest first."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.conf import settings

from accounts.facade import User
from catalog.facade import anime_cards, episodes_existing
from lists.models import EntryStatus, ListEntry, WatchedEpisode, WatchProgress

LATEST_DEFAULT = 12
LATEST_LIMIT = 100
FINISHED_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class ContinueItem:
    """One card of the row: `card` is the anime's card document, times in seconds, `percent` 0–100."""

    card: dict
    anime_id: int
    episode_number: int
    position: float
    duration: float
    translation_id: str

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.position / self.duration)) if self.duration else 0

    @property
    def minutes_left(self) -> int:
        return max(1, round((self.duration - self.position) / 60)) if self.duration else 0


@dataclass(frozen=True, slots=True)
class AnimePlaces:
    """How far somebody is in one anime: `rows` of progress, and what the list says of episodes.

    Everything up to `counted` is seen in the present viewing, `seen` says it of others (False: taken back). `next_number` is
    the episode to go on with, None where the list knows no better than the rows.
    """

    rows: list[WatchProgress]
    counted: int = 0
    seen: dict[int, bool] = field(default_factory=dict)
    is_rewatch: bool = False
    next_number: int | None = None


def places_of_anime(user: User, anime_id: int) -> AnimePlaces:
    """What ticks and "Resume" of an anime's page need. Three queries."""
    rows = progress_of_anime(user, anime_id)
    entry = ListEntry.objects.filter(user=user, anime_id=anime_id).first()
    notes = WatchedEpisode.objects.filter(user=user, anime_id=anime_id, viewing=entry.viewing if entry else 0)
    seen = {number: undone is None for number, undone in notes.values_list("episode_number", "undone_at")}
    last = max(rows, key=lambda row: row.updated_at, default=None)
    return AnimePlaces(
        rows,
        counted=entry.episodes_watched if entry else 0,
        seen=seen,
        is_rewatch=entry is not None and entry.status == EntryStatus.REWATCHING,
        next_number=_next_number(last, entry),
    )


def _next_number(row: WatchProgress | None, entry: ListEntry | None) -> int | None:
    """The episode to go on with: the one that was begun, else the one after what is seen; None: there is nothing to go on."""
    if row is not None and not _is_over(row, entry):
        return row.episode_number
    if entry is not None and entry.status in _UNDER_WAY:
        counted = entry.episodes_watched
        if row is None:
            return counted + 1 if counted else None
        return (counted if _is_before(row, entry) else max(counted, row.episode_number)) + 1
    return row.episode_number + 1 if row is not None else None


_UNDER_WAY = frozenset({EntryStatus.PLANNED, EntryStatus.WATCHING, EntryStatus.ON_HOLD, EntryStatus.REWATCHING})


def _is_before(row: WatchProgress, entry: ListEntry) -> bool:
    """Whether the place is of an earlier viewing than the rewatch that is under way."""
    return entry.status == EntryStatus.REWATCHING and entry.updated_at >= row.updated_at


def _is_over(row: WatchProgress, entry: ListEntry | None) -> bool:
    """Whether nobody would want to go on at this place: seen to the end, or counted on the list.

    Somebody who looks at an episode again, after it was counted, goes on there while they are below what counts.
    """
    share = row.position / row.duration if row.duration else 0.0
    if share >= FINISHED_SHARE or (entry is not None and _is_before(row, entry)):
        return True
    if entry is None or row.episode_number > entry.episodes_watched:
        return False
    return share >= settings.LISTS_WATCHED_PERCENT / 100 or entry.updated_at >= row.updated_at


def progress_of_anime(user: User, anime_id: int) -> list[WatchProgress]:
    """Every episode of one anime that the user has touched, by episode number."""
    return list(WatchProgress.objects.filter(user=user, anime_id=anime_id).order_by("episode_number"))


def progress_latest(user: User, *, limit: int = LATEST_DEFAULT) -> list[WatchProgress]:
    """The rows touched last, newest first; at most 100."""
    return list(WatchProgress.objects.filter(user=user).order_by("-updated_at", "-id")[: min(limit, LATEST_LIMIT)])


def continue_watching(user: User, *, limit: int = LATEST_DEFAULT) -> list[ContinueItem]:
    """One item an anime: the episode touched last; one that is seen, by the list or to its end, offers the next at second 0.

    Four queries. Anime that the user may not see are left out, those that were completed or dropped since, and those whose
    last episode is finished or whose episode has no watch page.
    """
    newest: dict[int, WatchProgress] = {}
    for row in WatchProgress.objects.filter(user=user).order_by("-updated_at", "-id")[: limit * 8]:
        newest.setdefault(row.anime_id, row)
    cards = anime_cards(user, list(newest))
    entries = _entries_of(user, newest)
    items = []
    for anime_id, row in newest.items():
        card, entry = cards.get(anime_id), entries.get(anime_id)
        if card is None or _is_left(row, entry):
            continue
        number = _next_number(row, entry)
        if number is None or (card.get("episode_count") and number > card["episode_count"]):
            continue
        goes_on = number == row.episode_number
        position, duration = (row.position, row.duration) if goes_on else (0.0, 0.0)
        items.append(ContinueItem(card, anime_id, number, position, duration, row.translation_id))
    there = episodes_existing((item.anime_id, item.episode_number) for item in items)
    return [item for item in items if (item.anime_id, item.episode_number) in there][:limit]


def _entries_of(user: User, anime_ids: Collection[int]) -> dict[int, ListEntry]:
    return {entry.anime_id: entry for entry in ListEntry.objects.filter(user=user, anime_id__in=list(anime_ids))}


def _is_left(row: WatchProgress, entry: ListEntry | None) -> bool:
    """Whether the list says that this is over, and said so after the place was kept."""
    return entry is not None and entry.status not in _UNDER_WAY and entry.updated_at >= row.updated_at
