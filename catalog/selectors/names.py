"""Every name of every anime with the facts that tell namesakes apart, for who matches titles from elsewhere."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

from catalog.importing.precedence import STUB
from catalog.models import Anime, ExternalId, Relation, RelationKind, Site, Title, TitleKind

CHUNK = 500
_FOLLOWED = (RelationKind.SEQUEL, RelationKind.SIDE_STORY, RelationKind.SUMMARY, RelationKind.PARENT)


@dataclass(frozen=True, slots=True)
class NamedAnime:
    """`popularity` counts people; `mal_id`, `year`, `episode_count` None: not known."""

    id: int
    mal_id: int | None
    kind: str
    year: int | None
    episode_count: int | None
    popularity: int


@dataclass(frozen=True, slots=True)
class AnimeName:
    """One name. `kind` is a `TitleKind`, `language` BCP 47."""

    anime_id: int
    text: str
    kind: str
    language: str


@dataclass(frozen=True, slots=True)
class Names:
    """`anime` without stubs and without what was merged away; `relations` are (from, to, kind) of sequels, side stories,
    summaries and parents between them.
    """

    anime: dict[int, NamedAnime]
    names: list[AnimeName]
    relations: list[tuple[int, int, str]]


def names_of(anime_ids: Collection[int] | None = None) -> Names:
    """The names of these anime, or of the whole catalogue: four queries, or four for each 500."""
    if anime_ids is None:
        parts: Iterator[list[int] | None] = iter([None])
    else:
        ids = sorted(anime_ids)
        parts = iter([ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)])
    found = [_names_of(part) for part in parts]
    anime = {key: row for part in found for key, row in part.anime.items()}
    return Names(
        anime,
        list(chain.from_iterable(part.names for part in found)),
        list(chain.from_iterable(part.relations for part in found)),
    )


def _names_of(ids: list[int] | None) -> Names:
    rows = Anime.objects.filter(merged_into=None).exclude(origin=STUB)
    titles, external, relations = Title.objects.all(), ExternalId.objects.all(), Relation.objects.all()
    if ids is not None:
        rows, titles = rows.filter(pk__in=ids), titles.filter(anime__in=ids)
        external, relations = external.filter(anime__in=ids), relations.filter(from_anime__in=ids)
    mal = external.filter(site=Site.MAL).order_by("-pk").values_list("anime_id", "value")
    mal_ids = {anime_id: int(value) for anime_id, value in mal.iterator() if value.isdecimal()}
    fields = ("id", "kind", "year", "episode_count", "popularity", "title", "title_english", "title_native")
    anime: dict[int, NamedAnime] = {}
    names: dict[tuple[int, str], AnimeName] = {}
    for pk, kind, year, episodes, popularity, *own in rows.order_by("pk").values_list(*fields).iterator():
        anime[pk] = NamedAnime(pk, mal_ids.get(pk), kind, year, episodes, popularity)
        for text, rank, language in zip(own, _OWN_RANKS, _OWN_LANGUAGES, strict=True):
            if text:
                names.setdefault((pk, text), AnimeName(pk, text, rank, language))
    for pk, text, rank, language in (
        titles.order_by("pk").values_list("anime_id", "text", "kind", "language").iterator()
    ):
        if pk in anime:
            names.setdefault((pk, text), AnimeName(pk, text, rank, language))
    links = relations.filter(kind__in=_FOLLOWED).order_by("pk").values_list("from_anime_id", "to_anime_id", "kind")
    return Names(anime, list(names.values()), list(links.iterator()))


_OWN_RANKS = (TitleKind.MAIN.value, TitleKind.OFFICIAL.value, TitleKind.OFFICIAL.value)
_OWN_LANGUAGES = ("ja-Latn", "en", "ja")
