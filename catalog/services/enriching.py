"""Records of sources into anime that are there: what the importer does for files, for answers of services as they come."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facade import User
from catalog.importing.choices import plan_chosen, plan_names
from catalog.importing.following import stored_follow
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


Outcome = Applied | RecordContradicts | NotFound
"""What came of a record, or why nothing did."""
Prepared = tuple[Planner, AnimeRecord]
Result = TypeVar("Result")


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
    prepared = _prepared([(source, record)])

    def write() -> Outcome:
        key = records_match([record])[0] if anime_id is None else anime_id
        return _made(*prepared[0]) if key is None else _merged([key], prepared, {key: chosen or {}})[0]

    outcome = _again(write)
    if isinstance(outcome, Applied):
        return outcome
    raise outcome


def records_apply(
    *, records: Sequence[tuple[str, AnimeRecord]], anime_id: int, chosen: Mapping[str, str] | None = None
) -> list[Outcome]:
    """`record_apply` of several (source, record), in their order, in one transaction with one rebuild of documents.

    What a record changed is there for the next one; a record of another work is refused by itself. Raises `NotFound`.
    """
    found = records_apply_many(records=[(anime_id, *pair) for pair in records], chosen={anime_id: chosen or {}})
    if missing := next((outcome for outcome in found if isinstance(outcome, NotFound)), None):
        raise missing
    return found


def records_apply_many(
    *, records: Sequence[tuple[int, str, AnimeRecord]], chosen: Mapping[int, Mapping[str, str]]
) -> list[Outcome]:
    """`records_apply` of (anime's id, source, record) for many anime at once; `chosen` is by the anime's id.

    A number of queries that does not grow with the anime, in one transaction: give some fifty. An anime that is gone is
    `NotFound` in its records' places. What the database refuses of one record is raised and nothing is written.
    """
    prepared = _prepared([(source, record) for _anime_id, source, record in records])
    return _again(lambda: _merged([anime_id for anime_id, *_rest in records], prepared, chosen))


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


def _prepared(records: Sequence[tuple[str, AnimeRecord]]) -> list[Prepared]:
    """Each with what the catalogue can take of it, and who plans it; labels are made where the source may."""
    kept = [
        (source, replace(record, fields={name: value for name, value in record.fields.items() if name in FIELDS}))
        for source, record in records
    ]
    books = {
        is_open: LabelBook.of(drafts, is_open=is_open)
        for is_open in (True, False)
        if (drafts := [record for source, record in kept if (source in RANKS) is is_open])
    }
    planners = {source: Planner(source, books[source in RANKS]) for source, _record in kept}
    return [(planners[source], record if source in RANKS else books[False].known(record)) for source, record in kept]


def _again(write: Callable[[], Result]) -> Result:
    """What `write` gives in a transaction, done anew where somebody made the same anime or label at the same moment."""
    for attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                return write()
        except IntegrityError:
            if attempt + 1 == _ATTEMPTS:
                raise
    raise AssertionError


def _made(planner: Planner, record: AnimeRecord) -> Applied:
    """A new anime of a record."""
    plan = plan_chosen(planner, record, None, {})
    written = next(iter(plans_write([plan])))
    _touch({written}, {written})
    return Applied(written, plan_names(plan), is_new=True, is_written=True)


def _merged(
    anime_ids: Sequence[int], prepared: Sequence[Prepared], chosen: Mapping[int, Mapping[str, str]]
) -> list[Outcome]:
    """Write them, the first record of every anime at once, then the second…; each sees what the ones before it changed."""
    current = _held(set(anime_ids))
    stored = stored_load(set(current.values()))
    found: dict[int, Outcome] = {}
    touched: set[int] = set()
    named: set[int] = set()
    rounds = _rounds([current.get(anime_id) for anime_id in anime_ids])
    for places in rounds:
        taken = _ids_taken((prepared[place][1], stored[key]) for key, place in places.items())
        plans: dict[int, AnimePlan] = {}
        for key, place in places.items():
            planner, record = prepared[place]
            if _is_of_another(record, stored[key]):
                found[place] = RecordContradicts()
                continue
            if stored[key].origin == STUB and planner.source not in RANKS:
                found[place] = Applied(key)
                continue
            record = replace(record, ids=[pair for pair in record.ids if taken.get(pair, {key}) == {key}])
            plan = plan_chosen(planner, record, stored[key], chosen.get(anime_ids[place], {}))
            names = plan_names(plan)
            found[place] = Applied(key, names, is_written=not plan.is_empty)
            plans |= {} if plan.is_empty else {key: plan}
            named |= {key} if _NAMED_ELSEWHERE & set(names) else set()
        touched |= set(plans_write(plans.values()))
        if places is not rounds[-1]:
            stored_follow(stored, plans)
    _touch(touched, named)
    return [found.get(place) or NotFound() for place in range(len(prepared))]


def _rounds(keys: Sequence[int | None]) -> list[dict[int, int]]:
    """{anime's id: place of its record} of the first records of all anime, of the second…; without those that are gone."""
    rounds: list[dict[int, int]] = []
    seen: Counter[int] = Counter()
    for place, key in enumerate(keys):
        if key is not None:
            if seen[key] == len(rounds):
                rounds.append({})
            rounds[seen[key]][key] = place
            seen[key] += 1
    return rounds


def _touch(written: set[int], named: set[int]) -> None:
    """Rebuild the documents of what was `written`, and of anime whose documents name one of `named`."""
    if named:
        written |= set(Relation.objects.filter(to_anime__in=named).values_list("from_anime_id", flat=True))
    catalog_touch(anime_ids=written)


def _held(anime_ids: set[int]) -> dict[int, int]:
    """{id: that of the anime that stands for it now}, their rows held; an anime that was merged away leads on."""
    rows = Anime.objects.select_for_update().filter(pk__in=anime_ids).order_by("pk")
    found = dict(rows.values_list("pk", "merged_into_id"))
    onward = {into for into in found.values() if into is not None}
    further = _held(onward) if onward else {}
    return {key: key if into is None else further[into] for key, into in found.items()}


def _is_of_another(record: AnimeRecord, stored: StoredAnime) -> bool:
    mine = {value for site, value in stored.ids if site in IDENTITIES}
    said = {value for site, value in record.ids if site in IDENTITIES}
    return bool(mine and said and not mine & said)


def _ids_taken(pairs: Iterable[tuple[AnimeRecord, StoredAnime]]) -> dict[tuple[str, str], set[int]]:
    """Who has the identities that the records bring: one of another anime can never be stored and would be written again
    for ever.
    """
    return ids_find(
        {pair for record, stored in pairs for pair in record.ids if pair[0] in DECISIVE and pair not in stored.ids}
    )
