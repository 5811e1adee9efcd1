"""Continue watching: where somebody stopped, newest first."""

from dataclasses import dataclass

from accounts.facade import User
from catalog.facade import anime_cards, episodes_existing
from lists.models import WatchProgress

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


def progress_of_anime(user: User, anime_id: int) -> list[WatchProgress]:
    """Every episode of one anime that the user has touched, by episode number."""
    return list(WatchProgress.objects.filter(user=user, anime_id=anime_id).order_by("episode_number"))


def progress_latest(user: User, *, limit: int = LATEST_DEFAULT) -> list[WatchProgress]:
    """The rows touched last, newest first; at most 100."""
    return list(WatchProgress.objects.filter(user=user).order_by("-updated_at", "-id")[: min(limit, LATEST_LIMIT)])


def continue_watching(user: User, *, limit: int = LATEST_DEFAULT) -> list[ContinueItem]:
    """One item an anime: the episode touched last; an episode seen to its end offers the next one at second 0.

    Three queries. Anime that the user may not see are left out, and so are those whose
    last episode is finished or whose episode has no watch page.
    """
    newest: dict[int, WatchProgress] = {}
    for row in WatchProgress.objects.filter(user=user).order_by("-updated_at", "-id")[: limit * 8]:
        newest.setdefault(row.anime_id, row)
    cards = anime_cards(user, list(newest))
    items = []
    for anime_id, row in newest.items():
        card = cards.get(anime_id)
        if card is None:
            continue
        number, position, duration = row.episode_number, row.position, row.duration
        if duration and position / duration >= FINISHED_SHARE:
            if card.get("episode_count") and number >= card["episode_count"]:
                continue
            number, position, duration = number + 1, 0.0, 0.0
        items.append(ContinueItem(card, anime_id, number, position, duration, row.translation_id))
    there = episodes_existing((item.anime_id, item.episode_number) for item in items)
    return [item for item in items if (item.anime_id, item.episode_number) in there][:limit]
