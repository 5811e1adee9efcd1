"""Reviewed openings and endings, and the queue of what nobody has reviewed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.models import Anime, Episode, EpisodeKind, EpisodeSource, Timecode
from catalog.selectors.anime import cards_of
from core.api.pagination import PageQuery


def timecode_row(row: Timecode) -> dict[str, Any]:
    """One row as the API shows it; times in seconds, NULL pairs for "there is none"."""
    return {
        "episode_number": row.episode_number,
        "translation_id": row.translation_id,
        "intro_start": row.intro_start,
        "intro_end": row.intro_end,
        "outro_start": row.outro_start,
        "outro_end": row.outro_end,
        "updated_at": row.updated_at,
    }


def anime_timecodes(anime_id: int) -> list[dict[str, Any]]:
    """Every reviewed (episode, translation) of an anime, one query."""
    rows = Timecode.objects.filter(anime_id=anime_id).order_by("episode_number", "translation_id")
    return [timecode_row(row) for row in rows]


def timecode_for(rows: list[dict[str, Any]], episode_number: int, translation_id: str) -> dict[str, Any] | None:
    """What the player uses: the translation's own row, else the fallback "", else None (no skip button)."""
    of_episode = {row["translation_id"]: row for row in rows if row["episode_number"] == episode_number}
    return of_episode.get(translation_id) or of_episode.get("")


@dataclass(frozen=True, slots=True)
class MissingPage:
    """One page of the queue: (card as JSON, episodes without a row, the first such number)."""

    items: list[tuple[bytes, int, int]]
    count: int


def _unreviewed() -> QuerySet[Episode]:
    """Regular episodes that have an enabled source and no timecode row of any translation."""
    sources = EpisodeSource.objects.filter(episode=OuterRef("pk"), is_enabled=True)
    reviewed = Timecode.objects.filter(anime_id=OuterRef("anime_id"), episode_number=OuterRef("number"))
    return Episode.objects.filter(Exists(sources), ~Exists(reviewed), kind=EpisodeKind.REGULAR)


def timecodes_missing(query: PageQuery) -> MissingPage:
    """Anime with an unreviewed episode that plays, best scores first (then most members); three queries."""
    open_episodes = _unreviewed().filter(anime_id=OuterRef("pk")).order_by()
    queue = Anime.objects.filter(Exists(open_episodes), merged_into__isnull=True)
    counted = open_episodes.values("anime_id").annotate(n=Count("pk")).values("n")
    first = _unreviewed().filter(anime_id=OuterRef("pk")).order_by("number").values("number")[:1]
    page = (
        queue.annotate(open=Coalesce(Subquery(counted, output_field=IntegerField()), 0), first_open=Subquery(first))
        .order_by(F("score").desc(nulls_last=True), "-popularity", "id")
        .values_list("pk", "open", "first_open")
    )
    found = list(page[query.offset : query.offset + query.size])
    cards = cards_of([pk for pk, _open, _first in found])
    items = [(cards[pk], open_, first_) for pk, open_, first_ in found if pk in cards]
    return MissingPage(items, queue.count())
