"""One record of one source into one anime: what the importer does for files, for answers of services as they come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facade import User
from catalog.importing.labels import LabelBook
from catalog.importing.matching import DECISIVE, ids_find, records_match
from catalog.importing.planning import AnimePlan, Planner
from catalog.importing.precedence import IDENTITIES, RANKS, STAFF, STUB
from catalog.importing.records import AnimeRecord
from catalog.importing.stored import FIELDS, StoredAnime, stored_load
from catalog.importing.writer import plans_write
from catalog.models import Anime, FieldProvenance, Relation
from catalog.services.changes import catalog_touch
from core.errors import Conflict, NotFound

CHOOSABLE = (
    *FIELDS,
    "titles",
    "genres",
    "tags",
    "studios",
    "relations",
    "broadcasts",
    "external_ids",
    "official_links",
)
"""Fields and collections of which staff may say which source they follow."""

_NAMED_ELSEWHERE = frozenset(
    ("title", "title_english", "title_native", "slug", "kind", "year", "poster_url", "relations")
)
"""What the documents of related anime say of this one."""
_ATTEMPTS = 3


class RecordContradicts(Conflict):
    """The record is of another work: its MAL id is not the one that this anime has."""

    code = "record_contradicts"
    title = _("The record is of another work")


class RecordNameless(Conflict):
    """A new anime needs an id that names it alone (MAL's, Shikimori's)."""

    code = "record_nameless"
    title = _("The record has no id that names one anime")


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a record: `changed` names fields and collections, () when the anime said all of it already."""

    anime_id: int
    changed: tuple[str, ...] = ()
    is_new: bool = False


def record_apply(
    *, source: str, record: AnimeRecord, anime_id: int | None, chosen: Mapping[str, str] | None = None
) -> Applied:
    """Merge what `source` says into an anime (None: the one its ids name, else a new one) and rebuild its documents.

    A field is written by the rules of imports (`importing/precedence.py`) but for `chosen` (field → source): that source
    wins there, all others leave it alone; what staff locked stays. A source without a rank fills what is empty, with labels
    that are known, and nothing of a stub, which is not known to be that work. Doing it again changes nothing. One short
    transaction that holds the anime's row. Raises `NotFound`, `RecordContradicts`, and `RecordNameless` where a new anime
    would have no identity.
    """
    record = replace(record, fields={name: value for name, value in record.fields.items() if name in FIELDS})
    if anime_id is None and (source not in RANKS or not any(site in IDENTITIES for site, _value in record.ids)):
        raise RecordNameless()
    for attempt in range(_ATTEMPTS):
        try:
            return _apply(source, record, anime_id, chosen or {})
        except IntegrityError:
            # Somebody made the same anime or label at the same moment: it is found now.
            if attempt + 1 == _ATTEMPTS:
                raise
    raise AssertionError


def fields_release(*, actor: User | None, anime_id: int, names: Collection[str]) -> None:
    """Staff give fields back to sources: locks go, and what staff wrote yields to whatever source comes next."""
    with transaction.atomic():
        origin = Anime.objects.select_for_update().values_list("origin", flat=True).get(pk=anime_id)
        rows = FieldProvenance.objects.filter(anime=anime_id, field__in=names)
        held = dict(rows.values_list("field", "source"))
        sources = {name: held.get(name, origin) for name in sorted(names)}
        FieldProvenance.objects.bulk_create(
            [
                FieldProvenance(
                    anime_id=anime_id,
                    field=name,
                    source="" if source == STAFF else source,
                    set_by=actor,
                    set_at=timezone.now(),
                )
                for name, source in sources.items()
            ],
            update_conflicts=True,
            unique_fields=["anime", "field"],
            update_fields=["source", "is_locked", "set_by", "set_at"],
        )


def _apply(source: str, record: AnimeRecord, anime_id: int | None, chosen: Mapping[str, str]) -> Applied:
    labels = LabelBook.of(record, is_open=source in RANKS)
    record = record if source in RANKS else labels.known(record)
    with transaction.atomic():
        stored = _stored(record, anime_id)
        if stored is not None and stored.origin == STUB and source not in RANKS:
            return Applied(stored.id)
        record = _without_foreign_ids(record, stored)
        plan = _plan(Planner(source, labels), record, stored, chosen)
        changed = _changed(plan)
        if plan.is_empty:
            return Applied(stored.id if stored else 0)
        written = next(iter(plans_write([plan])))
        touched = {written}
        if stored is None or _NAMED_ELSEWHERE & set(changed):
            touched |= set(Relation.objects.filter(to_anime=written).values_list("from_anime_id", flat=True))
        catalog_touch(anime_ids=touched)
    return Applied(written, changed, is_new=stored is None)


def _stored(record: AnimeRecord, anime_id: int | None) -> StoredAnime | None:
    """The anime as it is, its row held; None when there is none yet."""
    if anime_id is None:
        anime_id = records_match([record])[0]
        if anime_id is None:
            return None
    rows = Anime.objects.select_for_update().filter(pk=anime_id)
    merged_into = list(rows.values_list("merged_into_id", flat=True))
    if not merged_into:
        raise NotFound()
    if merged_into[0] is not None:
        return _stored(record, merged_into[0])
    stored = stored_load([anime_id])[anime_id]
    mine = {value for site, value in stored.ids if site in IDENTITIES}
    said = {value for site, value in record.ids if site in IDENTITIES}
    if mine and said and not mine & said:
        raise RecordContradicts()
    return stored


def _without_foreign_ids(record: AnimeRecord, stored: StoredAnime | None) -> AnimeRecord:
    """Without the identities that another anime has: an id that never can be stored would be written again for ever."""
    asked = [pair for pair in record.ids if pair[0] in DECISIVE and (stored is None or pair not in stored.ids)]
    taken = ids_find(asked)
    return replace(record, ids=[pair for pair in record.ids if pair not in taken]) if taken else record


def _plan(planner: Planner, record: AnimeRecord, stored: StoredAnime | None, chosen: Mapping[str, str]) -> AnimePlan:
    """The importer's plan, with staff's choices standing in for ranks."""
    if stored is None:
        return planner.plan(record, None)
    own = {name for name in chosen if chosen[name] == planner.source and _says(record, name)}
    holders = dict(stored.holders)
    for name, source in chosen.items():
        holder, is_locked = stored.holder_of(name)
        if is_locked:
            continue
        if name in own:
            stored.holders[name] = (planner.source, False)
        elif source != planner.source:
            stored.holders[name] = (holder, True)
    plan = planner.plan(record, stored)
    if plan.relations and not stored.holder_of("relations")[1]:
        plan.relations = [draft for draft in plan.relations if ("mal", str(draft.mal_id)) not in stored.ids]
    for name in own & set(_changed(plan)):
        if holders.get(name, (stored.origin, False))[0] != planner.source:
            plan.provenance[name] = planner.source
    if planner.source not in RANKS and plan.origin:
        # An anime never becomes the work of a site with episodes, whoever had it before.
        plan.origin, plan.provenance = None, dict.fromkeys(_changed(plan), planner.source)
    return plan


def _says(record: AnimeRecord, name: str) -> bool:
    """Whether the record has anything to say of a field or collection."""
    said = {
        "external_ids": record.ids,
        "official_links": record.links,
        "titles": record.titles,
        "genres": record.genres,
        "tags": record.tags,
        "studios": record.studios,
        "relations": record.relations,
        "broadcasts": record.broadcasts,
    }
    return bool(said[name]) if name in said else record.fields.get(name) not in (None, "", False)


def _changed(plan: AnimePlan) -> tuple[str, ...]:
    """The fields and collections that a plan writes, by name."""
    names = {name for name, rows in (*plan.inserts.items(), *plan.deletes.items()) if rows}
    names = {{"scores": "external_scores", "pending": "relations"}.get(name, name) for name in names}
    names |= set(plan.values) if plan.stored else {name for name in plan.values if _says(plan.record, name)}
    names |= {"titles"} if plan.demoted_titles else set()
    names |= {"external_scores"} if plan.rescored else set()
    names |= {"relations"} if plan.relations else set()
    return tuple(sorted(names))
