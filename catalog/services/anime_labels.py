"""Collections of an anime by people: its names, genres, tags, studios, ids elsewhere, relations. What is given replaces all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.importing.external_sites import id_is_formed
from catalog.importing.matching import DECISIVE, ids_find
from catalog.importing.precedence import STUB
from catalog.importing.records import StudioDraft, TitleDraft
from catalog.models import (
    Anime,
    AnimeStudio,
    AnimeTag,
    ExternalId,
    Genre,
    PendingRelation,
    Relation,
    Site,
    Studio,
    Tag,
    Title,
    TitleKind,
)
from catalog.services.anime import anime_create, anime_update, fields_lock
from catalog.services.anime_values import name_clean, values_clean
from catalog.services.changes import catalog_touch
from catalog.services.relations import INVERSE
from catalog.services.stubs import stub_ids_doubt
from core.errors import ValidationFailed


@dataclass(frozen=True, slots=True)
class Collections:
    """What is None is left as it is. `relations` are (kind, our id): that anime is the `kind` of this one; `external_ids` is
    {site: id there}; genres and tags are named, and must be there already.
    """

    titles: Sequence[TitleDraft] | None = None
    genres: Sequence[str] | None = None
    tags: Sequence[str] | None = None
    studios: Sequence[StudioDraft] | None = None
    external_ids: Mapping[str, str] | None = None
    relations: Sequence[tuple[str, int]] | None = None

    @property
    def given(self) -> list[str]:
        """The names of those that are to be replaced, in the order in which they are."""
        return [name for name in _SETTERS if getattr(self, name) is not None]


@dataclass(frozen=True, slots=True)
class Described:
    """An anime after staff wrote it, and the names of the fields and collections that are different now (and locked)."""

    anime: Anime
    changed: tuple[str, ...]


def anime_describe(
    *, actor: User | None, anime: Anime | None, fields: Mapping[str, Any], collections: Collections
) -> Described:
    """Make an anime (None) or change one: fields as in `anime_create` and `anime_update`, collections whole; all or nothing.

    What differs is locked against every source. Raises `ValidationFailed`, also for an id that another anime has, and for
    a genre, tag or related anime that is not there.
    """
    try:
        with transaction.atomic():
            if anime is None:
                anime = anime_create(actor=actor, **fields)
                changed = list(fields)
            else:
                anime = Anime.objects.select_for_update().get(pk=anime.pk)
                fields = values_clean(anime, fields)
                changed = [name for name, value in fields.items() if getattr(anime, name, None) != value]
                anime = anime_update(actor=actor, anime=anime, **fields)
            changed += _collections_set(actor, anime, collections)
    except IntegrityError as error:
        raise ValidationFailed({"external_ids": [_("Another anime has this id.")]}) from error
    return Described(anime, tuple(sorted(changed)))


def _collections_set(actor: User | None, anime: Anime, collections: Collections) -> list[str]:
    touched: set[int] = set()
    changed = []
    if collections.given and anime.origin == STUB:
        anime.origin = ""
        anime.save(update_fields=["origin", "updated_at"])
        stub_ids_doubt(anime)
    for name in collections.given:
        found = _SETTERS[name](actor, anime, getattr(collections, name))
        if found is not None:
            touched |= found
            changed.append(name)
    if changed:
        fields_lock(anime=anime, names=changed, actor=actor)
        anime.save(update_fields=["updated_at"])
        catalog_touch(anime_ids={anime.pk, *touched})
    return changed


def _titles_set(actor: User | None, anime: Anime, wanted: Sequence[TitleDraft]) -> set[int] | None:
    """Names of the anime's own fields stay; another one cannot be the main one."""
    known = {anime.title, *anime.titles.values_list("text", flat=True)}
    texts = {draft.text: name_clean("titles", draft.text, known) for draft in wanted}
    if any(draft.kind == TitleKind.MAIN and texts[draft.text] != anime.title for draft in wanted):
        raise ValidationFailed({"titles": [_("The main title is the field `title`.")]})
    own = {anime.title, anime.title_english, anime.title_native}
    rows = {(row.text, row.language, row.kind): row for row in anime.titles.all()}
    given = dict.fromkeys((texts[draft.text], draft.language, draft.kind) for draft in wanted)
    kept = [key for key in rows if key not in given and key[0] in own and key[2] != TitleKind.SYNONYM]
    order = {key: place for place, key in enumerate([*kept, *given])}
    if set(order) == set(rows):
        return None
    anime.titles.exclude(pk__in=[rows[key].pk for key in order if key in rows]).delete()
    for key, place in order.items():
        text, language, kind = key
        Title.objects.update_or_create(
            anime=anime, text=text, language=language, kind=kind, defaults={"position": place}
        )
    return set()


def _genres_set(actor: User | None, anime: Anime, names: Sequence[str]) -> set[int] | None:
    wanted = _labels(Genre, "genres", names)
    if {genre.pk for genre in wanted} == set(anime.genres.values_list("pk", flat=True)):
        return None
    anime.genres.set(wanted)
    return set()


def _tags_set(actor: User | None, anime: Anime, names: Sequence[str]) -> set[int] | None:
    wanted = {tag.pk for tag in _labels(Tag, "tags", names)}
    current = set(anime.anime_tags.values_list("tag_id", flat=True))
    if wanted == current:
        return None
    anime.anime_tags.exclude(tag__in=wanted).delete()
    AnimeTag.objects.bulk_create(AnimeTag(anime=anime, tag_id=key) for key in sorted(wanted - current))
    return set()


def _labels(model: type[models.Model], field: str, names: Sequence[str]) -> list[Any]:
    found = {row.name: row for row in model._base_manager.filter(name__in=list(names))}  # type: ignore[attr-defined]
    if unknown := [name for name in names if name not in found]:
        raise ValidationFailed({field: [_("There is none of this name: %s") % ", ".join(unknown)]})
    return list(found.values())


def _studios_set(actor: User | None, anime: Anime, drafts: Sequence[StudioDraft]) -> set[int] | None:
    wanted = {(_studio(draft.name).pk, str(draft.role)) for draft in drafts}
    rows = {(row.studio_id, row.role): row.pk for row in anime.anime_studios.all()}
    if wanted == set(rows):
        return None
    anime.anime_studios.filter(pk__in=[key for pair, key in rows.items() if pair not in wanted]).delete()
    AnimeStudio.objects.bulk_create(
        AnimeStudio(anime=anime, studio_id=studio, role=role) for studio, role in sorted(wanted - set(rows))
    )
    return set()


def _studio(name: str) -> Studio:
    """The studio of this name, made when there is none."""
    found = Studio.objects.filter(name=name).first()
    if found is None:
        name = name_clean("studios", name)
        found = Studio.objects.filter(name=name).first()
    if found is None:
        base = slugify(name, allow_unicode=True)[:150] or "studio"
        slugs = set(Studio.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        free = next(
            slug for number in range(len(slugs) + 1) if (slug := f"{base}-{number}" if number else base) not in slugs
        )
        found = Studio.objects.create(name=name, slug=free)
    return found


def _ids_set(actor: User | None, anime: Anime, wanted: Mapping[str, str]) -> set[int] | None:
    pairs = set(wanted.items())
    if wrong := sorted(
        f"{site}: {value}" for site, value in pairs if site == Site.HIROBA or not id_is_formed(site, value)
    ):
        raise ValidationFailed({"external_ids": [_("This is no id of that site: %s") % ", ".join(wrong)]})
    taken = ids_find(pair for pair in pairs if pair[0] in DECISIVE)
    if others := sorted(set().union(*taken.values()) - {anime.pk}):
        raise ValidationFailed({"external_ids": [_("Anime %d has this id.") % others[0]]})
    rows = {(row.site, row.value): row.pk for row in anime.external_ids.exclude(site=Site.HIROBA)}
    if pairs == set(rows):
        return None
    anime.external_ids.filter(pk__in=[key for pair, key in rows.items() if pair not in pairs]).delete()
    ExternalId.objects.bulk_create(
        ExternalId(anime=anime, site=site, value=value) for site, value in sorted(pairs - set(rows))
    )
    return set()


def _relations_set(actor: User | None, anime: Anime, wanted: Sequence[tuple[str, int]]) -> set[int] | None:
    """Both directions are written, and locked at both ends; what waited for an anime to come is given up."""
    pairs = set(wanted)
    targets = {target for _kind, target in pairs}
    there = set(Anime.objects.filter(pk__in=targets, merged_into=None).values_list("pk", flat=True)) - {anime.pk}
    if missing := sorted(targets - there):
        raise ValidationFailed({"relations": [_("There is no other anime %d.") % missing[0]]})
    rows = {(row.kind, row.to_anime_id): row.pk for row in anime.relations.all()}
    PendingRelation.objects.filter(from_anime=anime).delete()
    if pairs == set(rows):
        return None
    gone, new = set(rows) - pairs, pairs - set(rows)
    for kind, target in gone:
        Relation.objects.filter(from_anime=anime, to_anime=target, kind=kind).delete()
        Relation.objects.filter(from_anime=target, to_anime=anime, kind=INVERSE.get(kind, kind)).delete()
    both = [Relation(from_anime=anime, to_anime_id=target, kind=kind) for kind, target in new]
    both += [Relation(from_anime_id=target, to_anime=anime, kind=INVERSE.get(kind, kind)) for kind, target in new]
    Relation.objects.bulk_create(both, ignore_conflicts=True)
    changed = {target for _kind, target in gone | new}
    for other in Anime.objects.filter(pk__in=changed):
        fields_lock(anime=other, names=["relations"], actor=actor)
    return changed


_SETTERS: dict[str, Callable[[User | None, Anime, Any], set[int] | None]] = {
    "titles": _titles_set,
    "genres": _genres_set,
    "tags": _tags_set,
    "studios": _studios_set,
    "external_ids": _ids_set,
    "relations": _relations_set,
}
"""Each gives back the other anime whose documents name what changed, None when nothing did."""
