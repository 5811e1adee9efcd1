"""One record of one source into one anime: what the importer does for files, for answers of services as they come."""

from collections.abc import Collection, Mapping, Sequence
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
    is_written: bool = False
    """Whether anything was, be it only where a field came from."""


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


def records_apply(
    *, records: Sequence[tuple[str, AnimeRecord]], anime_id: int, chosen: Mapping[str, str] | None = None
) -> list[Applied | RecordContradicts]:
    """`record_apply` of several (source, record), in their order, in one transaction with one rebuild of documents.

    What a record changed is there for the next one; a record of another work is refused by itself. Raises `NotFound`.
    """
    prepared = [(source, *_prepared(source, record)) for source, record in records]
    for attempt in range(_ATTEMPTS):
        try:
            return _apply_all(prepared, anime_id, chosen or {})
        except IntegrityError:
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


def _prepared(source: str, record: AnimeRecord) -> tuple[AnimeRecord, LabelBook]:
    """The record with what the catalogue can take of it, and its labels, made where the source may."""
    record = replace(record, fields={name: value for name, value in record.fields.items() if name in FIELDS})
    labels = LabelBook.of(record, is_open=source in RANKS)
    return (record if source in RANKS else labels.known(record)), labels


def _apply_all(
    prepared: Sequence[tuple[str, AnimeRecord, LabelBook]], anime_id: int, chosen: Mapping[str, str]
) -> list[Applied | RecordContradicts]:
    found: list[Applied | RecordContradicts] = []
    touched: set[int] = set()
    stored: StoredAnime | None = None
    with transaction.atomic():
        for source, record, labels in prepared:
            stored = stored or _stored(anime_id)
            if _is_of_another(record, stored):
                found.append(RecordContradicts())
                continue
            applied = _write(Planner(source, labels), record, stored, chosen, touched)
            found.append(applied)
            stored = None if applied.is_written else stored
        catalog_touch(anime_ids=touched)
    return found


def _apply(source: str, record: AnimeRecord, anime_id: int | None, chosen: Mapping[str, str]) -> Applied:
    record, labels = _prepared(source, record)
    touched: set[int] = set()
    with transaction.atomic():
        key = records_match([record])[0] if anime_id is None else anime_id
        stored = None if key is None else _stored(key)
        if stored is not None and _is_of_another(record, stored):
            raise RecordContradicts()
        applied = _write(Planner(source, labels), record, stored, chosen, touched)
        catalog_touch(anime_ids=touched)
    return applied


def _write(
    planner: Planner,
    record: AnimeRecord,
    stored: StoredAnime | None,
    chosen: Mapping[str, str],
    touched: set[int],
) -> Applied:
    """Write one record; adds the anime whose documents say something else now to `touched`."""
    if stored is not None and stored.origin == STUB and planner.source not in RANKS:
        return Applied(stored.id)
    plan = _plan(planner, _without_foreign_ids(record, stored), stored, chosen)
    changed = _changed(plan)
    if plan.is_empty:
        return Applied(stored.id if stored else 0)
    written = next(iter(plans_write([plan])))
    touched.add(written)
    if stored is None or _NAMED_ELSEWHERE & set(changed):
        touched |= set(Relation.objects.filter(to_anime=written).values_list("from_anime_id", flat=True))
    return Applied(written, changed, is_new=stored is None, is_written=True)


def _stored(anime_id: int) -> StoredAnime:
    """The anime as it is, its row held; one that was merged away leads on."""
    merged_into = list(Anime.objects.select_for_update().filter(pk=anime_id).values_list("merged_into_id", flat=True))
    if not merged_into:
        raise NotFound()
    return stored_load([anime_id])[anime_id] if merged_into[0] is None else _stored(merged_into[0])


def _is_of_another(record: AnimeRecord, stored: StoredAnime) -> bool:
    mine = {value for site, value in stored.ids if site in IDENTITIES}
    said = {value for site, value in record.ids if site in IDENTITIES}
    return bool(mine and said and not mine & said)


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
    is_open = not stored.holder_of("relations")[1]
    stored.holders = holders
    if plan.relations and is_open:
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
