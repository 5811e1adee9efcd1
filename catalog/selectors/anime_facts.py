"""What tells one anime from another, for people who compare them with something from elsewhere."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from catalog.models import Anime, AnimeStudio, ExternalId, Site, StudioRole, Title


@dataclass(slots=True)
class AnimeFacts:
    """`poster_url` is where its poster comes from, "" unknown; `titles` are all names but the main one. `mal_id` "" unknown."""

    id: int
    title: str
    native_title: str
    kind: str
    status: str
    year: int | None
    episode_count: int | None
    poster_url: str
    mal_id: str = ""
    titles: list[str] = field(default_factory=list)
    studios: list[str] = field(default_factory=list)
    genres: list[str] = field(default_factory=list)


def anime_facts(anime_ids: Collection[int]) -> dict[int, AnimeFacts]:
    """{id: facts} of those that exist and are not merged away, whoever may see them; five queries."""
    fields = ("id", "title", "title_native", "kind", "status", "year", "episode_count", "poster_url")
    rows = Anime.objects.filter(pk__in=set(anime_ids), merged_into=None)
    found = {row[0]: AnimeFacts(*row) for row in rows.values_list(*fields)}
    if not found:
        return {}
    names: dict[int, dict[str, None]] = defaultdict(dict)
    for anime_id, text in Title.objects.filter(anime__in=found).values_list("anime_id", "text"):
        names[anime_id][text] = None
    for anime_id, anime in found.items():
        anime.titles = [text for text in names[anime_id] if text != anime.title]
    ids = ExternalId.objects.filter(anime__in=found, site=Site.MAL)
    for anime_id, value in ids.values_list("anime_id", "value"):
        found[anime_id].mal_id = value
    studios = AnimeStudio.objects.filter(anime__in=found, role=StudioRole.STUDIO)
    for anime_id, name in studios.values_list("anime_id", "studio__name"):
        found[anime_id].studios.append(name)
    genres = Anime.genres.through._base_manager.filter(anime__in=found)
    for anime_id, name in genres.values_list("anime_id", "genre__name"):
        found[anime_id].genres.append(name)
    return found
