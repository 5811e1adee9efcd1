"""Every field and collection of one anime as it is, with where it came from: for staff who compare sources."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from catalog.importing.precedence import STAFF
from catalog.importing.stored import FIELDS
from catalog.models import (
    Anime,
    BroadcastRule,
    ExternalId,
    FieldProvenance,
    Genre,
    OfficialLink,
    Relation,
    Site,
    Studio,
    Tag,
    Title,
)
from core.errors import NotFound

_COLLECTIONS = {
    "titles": Title,
    "genres": Genre,
    "tags": Tag,
    "studios": Studio,
    "relations": Relation,
    "broadcasts": BroadcastRule,
    "external_ids": ExternalId,
    "official_links": OfficialLink,
}
COLLECTIONS = tuple(_COLLECTIONS)


@dataclass(frozen=True, slots=True)
class FieldNow:
    """`value` as `PATCH /admin/anime/{id}` takes it (dates and times as objects); `source` "" is not known."""

    value: Any
    source: str
    is_locked: bool

    @property
    def is_by_staff(self) -> bool:
        return self.source == STAFF


def anime_fields(anime_id: int) -> dict[str, FieldNow]:
    """{name: what it is now}; twelve queries. Raises `NotFound`."""
    anime = Anime.objects.filter(pk=anime_id).first()
    if anime is None:
        raise NotFound()
    rows = FieldProvenance.objects.filter(anime=anime).values_list("field", "source", "is_locked")
    held = {name: (source, is_locked) for name, source, is_locked in rows}
    values: dict[str, Any] = {name: getattr(anime, name) for name in (*FIELDS, "banner_url")}
    values |= _collections(anime)
    return {name: FieldNow(value, *held.get(name, (anime.origin, False))) for name, value in values.items()}


def anime_field_labels() -> dict[str, str]:
    """{name of `anime_fields`: what people call it}."""
    labels = {name: Anime._meta.get_field(name).verbose_name for name in (*FIELDS, "banner_url")}  # type: ignore[union-attr]
    labels |= {name: model._meta.verbose_name_plural for name, model in _COLLECTIONS.items()}
    return {name: capfirst(str(label)) for name, label in labels.items()}


def _collections(anime: Anime) -> dict[str, Any]:
    titles = anime.titles.values("text", "language", "kind")
    studios = anime.anime_studios.order_by("role", "studio__name").values_list("studio__name", "role")
    broadcasts = anime.broadcasts.order_by("site", "first_at")
    return {
        "titles": list(titles),
        "genres": list(anime.genres.values_list("name", flat=True)),
        "tags": list(anime.anime_tags.order_by("tag__name").values_list("tag__name", flat=True)),
        "studios": [{"name": name, "role": role} for name, role in studios],
        "relations": _relations(anime),
        "broadcasts": list(broadcasts.values("site", "first_at", "ends_at", "period_days")),
        "external_ids": dict(anime.external_ids.order_by("-pk").values_list("site", "value")),
        "official_links": list(anime.official_links.values("site", "url")),
    }


def _relations(anime: Anime) -> list[dict[str, Any]]:
    rows = list(anime.relations.order_by("kind", "to_anime_id").values_list("kind", "to_anime_id", "to_anime__title"))
    mal_ids: dict[int, int] = defaultdict(int)
    ids = ExternalId.objects.filter(anime__in=[target for _, target, _ in rows], site=Site.MAL)
    for target, value in ids.values_list("anime_id", "value"):
        mal_ids[target] = int(value) if value.isdecimal() else 0
    return [
        {"kind": kind, "anime_id": target, "mal_id": mal_ids[target] or None, "title": title}
        for kind, target, title in rows
    ]
