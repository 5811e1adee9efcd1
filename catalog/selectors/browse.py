"""The choices that the filters of browse offer."""

from dataclasses import dataclass

from django.db.models import Count, Max, Min

from catalog.models import Anime, EpisodeSource, Studio
from catalog.selectors.labels import Label, labels_by_slug
from core.generation_memo import GenerationMemo

_facets: GenerationMemo["Facets"] = GenerationMemo(size=1)
STUDIO_SUGGESTIONS = 20


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to choose from; counts and languages are of the whole public catalogue."""

    genres: tuple[Label, ...]
    tags: tuple[Label, ...]
    first_year: int | None
    last_year: int | None
    dub_languages: tuple[str, ...]


def browse_facets() -> Facets:
    """Genres and tags by name, the span of years, the languages that dubs exist in; kept for the generation."""

    def read() -> Facets:
        years = Anime.objects.public().aggregate(first=Min("year"), last=Max("year"))
        dubs = EpisodeSource.objects.filter(is_enabled=True, translation__kind="dub")
        return Facets(
            genres=tuple(sorted(labels_by_slug("genre").values(), key=lambda label: label.name)),
            tags=tuple(sorted(labels_by_slug("tag").values(), key=lambda label: label.name)),
            first_year=years["first"],
            last_year=years["last"],
            dub_languages=tuple(
                dubs.values_list("translation__language", flat=True).distinct().order_by("translation__language")
            ),
        )

    return _facets.get("facets", read)


def studios_like(text: str) -> list[Studio]:
    """Studios whose name contains `text`, those with most anime first."""
    if not text:
        return []
    named = Studio.objects.filter(name__icontains=text)
    return list(named.annotate(size=Count("anime_studios")).order_by("-size", "name")[:STUDIO_SUGGESTIONS])


def studio_named(text: str) -> Studio | None:
    """The studio of exactly that name, whatever its case."""
    return Studio.objects.filter(name__iexact=text).order_by("id").first()
