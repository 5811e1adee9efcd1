"""What the database holds of a batch of anime, loaded in a constant number of queries to be compared with records."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from catalog.models import (
    DESCRIBED_FIELDS,
    Anime,
    AnimeStudio,
    AnimeTag,
    BroadcastRule,
    ExternalId,
    ExternalScore,
    FieldProvenance,
    OfficialLink,
    PendingRelation,
    Relation,
    Site,
    Title,
)

FIELDS = (
    *DESCRIBED_FIELDS,
    "score",
    "votes",
    "popularity",
    "favourites",
    "poster_url",
    "trailer_url",
)
"""The columns of `Anime` that imports write."""

DEFAULTS: dict[str, Any] = {name: Anime._meta.get_field(name).get_default() for name in FIELDS}  # type: ignore[union-attr]
"""What a column holds when nothing is known."""

Rule = tuple[datetime.datetime, datetime.datetime | None, int]


@dataclass(slots=True)
class StoredAnime:
    """One anime as stored. Collections map what identifies a row to its primary key."""

    id: int
    origin: str
    values: dict[str, Any]
    holders: dict[str, tuple[str, bool]] = field(default_factory=dict)
    titles: dict[tuple[str, str, str], int] = field(default_factory=dict)
    last_position: int = -1
    ids: dict[tuple[str, str], int] = field(default_factory=dict)
    scores: dict[str, tuple[int, float | None, int | None]] = field(default_factory=dict)
    genres: dict[Any, int] = field(default_factory=dict)
    tags: dict[Any, int] = field(default_factory=dict)
    studios: dict[Any, int] = field(default_factory=dict)
    relations: dict[tuple[str, int], int] = field(default_factory=dict)
    pending: dict[tuple[str, int], int] = field(default_factory=dict)
    broadcasts: dict[str, dict[Rule, int]] = field(default_factory=lambda: defaultdict(dict))
    links: set[str] = field(default_factory=set)

    def holder_of(self, name: str) -> tuple[str, bool]:
        """(source, is_locked) of a field or collection."""
        return self.holders.get(name, (self.origin, False))


Found = dict[int, StoredAnime]


def stored_load(anime_ids: Collection[int]) -> dict[int, StoredAnime]:
    """Each anime of `anime_ids` with all that an import compares; 15 queries."""
    if not anime_ids:
        return {}
    found = {
        key: StoredAnime(key, origin, dict(zip(FIELDS, values, strict=True)))
        for key, origin, *values in Anime.objects.filter(pk__in=anime_ids).values_list("pk", "origin", *FIELDS)
    }
    for load in PARTS.values():
        load(found)
    return found


def _load_holders(found: Found) -> None:
    rows = FieldProvenance.objects.filter(anime_id__in=list(found))
    for key, name, source, locked in rows.values_list("anime_id", "field", "source", "is_locked"):
        found[key].holders[name] = (source, locked)


def _load_titles(found: Found) -> None:
    rows = Title.objects.filter(anime_id__in=list(found)).order_by()
    for key, pk, text, language, kind, position in rows.values_list(
        "anime_id", "pk", "text", "language", "kind", "position"
    ):
        stored = found[key]
        stored.titles[text, language, kind] = pk
        stored.last_position = max(stored.last_position, position)


def _load_ids(found: Found) -> None:
    rows = ExternalId.objects.filter(anime_id__in=list(found))
    for key, pk, site, value in rows.values_list("anime_id", "pk", "site", "value"):
        found[key].ids[site, value] = pk


def _load_scores(found: Found) -> None:
    rows = ExternalScore.objects.filter(anime_id__in=list(found))
    for key, pk, site, score, votes in rows.values_list("anime_id", "pk", "site", "value", "votes"):
        found[key].scores[site] = (pk, score, votes)


def _load_genres(found: Found) -> None:
    rows = Anime.genres.through._base_manager.filter(anime_id__in=list(found))
    for key, genre, pk in rows.values_list("anime_id", "genre_id", "pk"):
        found[key].genres[genre] = pk


def _load_tags(found: Found) -> None:
    rows = AnimeTag.objects.filter(anime_id__in=list(found))
    for key, tag, pk in rows.values_list("anime_id", "tag_id", "pk"):
        found[key].tags[tag] = pk


def _load_studios(found: Found) -> None:
    rows = AnimeStudio.objects.filter(anime_id__in=list(found))
    for key, studio, role, pk in rows.values_list("anime_id", "studio_id", "role", "pk"):
        found[key].studios[studio, role] = pk


def _load_relations(found: Found) -> None:
    """Relations by the MAL ids of their targets; those to anime that MAL does not know are nobody's to compare."""
    relations = list(
        Relation.objects.filter(from_anime_id__in=list(found)).values_list("from_anime_id", "to_anime_id", "kind", "pk")
    )
    mal_ids: dict[int, list[int]] = defaultdict(list)
    targets = ExternalId.objects.filter(anime_id__in={target for _, target, _, _ in relations}, site=Site.MAL)
    for target, value in targets.values_list("anime_id", "value"):
        mal_ids[target].append(int(value))
    for key, target, kind, pk in relations:
        for mal_id in mal_ids[target]:
            found[key].relations[kind, mal_id] = pk
    pending = PendingRelation.objects.filter(from_anime_id__in=list(found))
    for key, kind, mal_id, pk in pending.values_list("from_anime_id", "kind", "mal_id", "pk"):
        found[key].pending[kind, mal_id] = pk


def _load_broadcasts(found: Found) -> None:
    rows = BroadcastRule.objects.filter(anime_id__in=list(found))
    for key, pk, site, first, ends, period in rows.values_list(
        "anime_id", "pk", "site", "first_at", "ends_at", "period_days"
    ):
        found[key].broadcasts[site][first, ends, period] = pk


def _load_links(found: Found) -> None:
    for key, url in OfficialLink.objects.filter(anime_id__in=list(found)).values_list("anime_id", "url"):
        found[key].links.add(url)


PARTS: dict[str, Callable[[Found], None]] = {
    "holders": _load_holders,
    "titles": _load_titles,
    "ids": _load_ids,
    "scores": _load_scores,
    "genres": _load_genres,
    "tags": _load_tags,
    "studios": _load_studios,
    "relations": _load_relations,
    "broadcasts": _load_broadcasts,
    "links": _load_links,
}
"""Attribute of `StoredAnime` → what fills it; "relations" fills `pending` too, "titles" `last_position`."""


def stored_reload(found: Found, names: Collection[str]) -> None:
    """Load these parts (keys of `PARTS`) anew, after something was written; one or two queries each."""
    for name in names:
        for stored in found.values():
            blank = StoredAnime(stored.id, stored.origin, {})
            setattr(stored, name, getattr(blank, name))
            if name == "relations":
                stored.pending = {}
            elif name == "titles":
                stored.last_position = -1
        PARTS[name](found)
