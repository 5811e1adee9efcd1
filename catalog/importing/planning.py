"""What an import would write for one record, worked out without touching the database."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from catalog.importing.labels import LabelBook
from catalog.importing.precedence import IDENTITIES, STUB, may_write, rank_of
from catalog.importing.records import AnimeRecord, RelationDraft
from catalog.importing.stored import DEFAULTS, FIELDS, StoredAnime
from catalog.models import RelationKind, TitleKind

_COLLECTIONS = ("genres", "tags", "studios", "relations", "broadcasts")
"""What a source that may write it takes over whole; titles, ids and links are only ever added to, but a stub's."""


@dataclass(slots=True)
class AnimePlan:
    """The writes for one record. `inserts` and `deletes` are by collection (see `writer.CHILDREN`); rows lack the anime's id.

    `values` holds the columns to set: all of them for a new anime, the differing ones for a stored one.
    """

    record: AnimeRecord
    stored: StoredAnime | None
    values: dict[str, Any] = field(default_factory=dict)
    origin: str | None = None
    provenance: dict[str, str] = field(default_factory=dict)
    inserts: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    deletes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    demoted_titles: list[int] = field(default_factory=list)
    rescored: list[tuple[float | None, int | None, int]] = field(default_factory=list)
    relations: list[RelationDraft] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the database already says all of it."""
        return not (
            self.values
            or self.origin
            or self.provenance
            or self.inserts
            or self.deletes
            or self.demoted_titles
            or self.rescored
            or self.relations
        )

    @property
    def touches_scores(self) -> bool:
        return bool(self.rescored or "scores" in self.inserts)


@dataclass(frozen=True, slots=True)
class Planner:
    """Compares records of one `source` with what is stored."""

    source: str
    labels: LabelBook
    knows_relation_kinds: bool = True
    """False for a source that only says that two anime are related: it never adds to a pair that is."""
    is_adding: bool = False
    """True for a source of ids and names: a name that the anime has in any language is not added again."""

    def plan(self, record: AnimeRecord, stored: StoredAnime | None) -> AnimePlan:
        """The writes that make `stored` (None: a new anime) say what `record` says."""
        plan = AnimePlan(record, stored)
        if stored is None:
            self._plan_new(plan)
        else:
            self._plan_fields(plan, stored)
        self._plan_titles(plan)
        self._plan_sets(plan)
        self._plan_relations(plan)
        self._plan_broadcasts(plan)
        self._plan_ids(plan)
        self._plan_additions(plan)
        return plan

    def _plan_new(self, plan: AnimePlan) -> None:
        given = plan.record.fields
        plan.values = {name: given[name] if _is_said(given.get(name)) else DEFAULTS[name] for name in FIELDS}
        plan.origin = self.source

    def _plan_fields(self, plan: AnimePlan, stored: StoredAnime) -> None:
        takes_over = rank_of(self.source) > rank_of(stored.origin)
        for name, value in plan.record.fields.items():
            current, default = stored.values[name], DEFAULTS[name]
            is_said = _is_said(value)
            wanted = value if is_said else default
            if wanted == current:
                continue
            holder, is_locked = stored.holder_of(name)
            if not is_said and holder != self.source:
                continue
            if not may_write(self.source, holder=holder, is_locked=is_locked, is_empty=current == default):
                continue
            plan.values[name] = wanted
            if holder != self.source and not takes_over:
                plan.provenance[name] = self.source
        if takes_over:
            plan.origin = self.source
            for name in FIELDS:
                kept = name not in plan.values and stored.values[name] != DEFAULTS[name]
                if kept and name not in stored.holders and not _is_said(plan.record.fields.get(name)):
                    plan.provenance[name] = stored.origin
            for name in _COLLECTIONS:
                kept = getattr(stored, name) and not getattr(plan.record, name)
                if kept and name not in stored.holders:
                    plan.provenance[name] = stored.origin

    def _may(self, stored: StoredAnime | None, name: str, is_empty: bool) -> bool:
        if stored is None:
            return True
        holder, is_locked = stored.holder_of(name)
        return may_write(self.source, holder=holder, is_locked=is_locked, is_empty=is_empty)

    def _plan_titles(self, plan: AnimePlan) -> None:
        """Titles are only ever added; when the main one changes, the former one stays as an official title. What somebody's
        list called a stub goes.
        """
        stored = plan.stored
        if stored is not None and stored.holder_of("titles")[1]:
            return
        if stored is not None and stored.holder_of("titles")[0] == STUB and "title" in plan.values:
            plan.deletes["titles"] = list(stored.titles.values())
            stored = None
        present = set(stored.titles) if stored else set()
        named = {(text, language) for text, language, _ in present}
        texts = {text for text, _, _ in present}
        position = stored.last_position if stored else -1
        for draft in plan.record.titles:
            kind = draft.kind
            if (
                kind == TitleKind.MAIN
                and stored
                and "title" not in plan.values
                and stored.values["title"] != draft.text
            ):
                kind = TitleKind.OFFICIAL
            if kind == TitleKind.MAIN and stored:
                if (draft.text, draft.language, TitleKind.MAIN) in present:
                    continue
                if "title" not in plan.values:
                    kind = TitleKind.OFFICIAL
                else:
                    self._demote_main(plan, stored, present)
                    named -= {(draft.text, draft.language)}
            is_known = draft.text in texts and (kind == TitleKind.SYNONYM or self.is_adding)
            if is_known or (draft.text, draft.language) in named:
                continue
            position += 1
            plan.inserts["titles"].append((draft.text, draft.language, str(kind), min(position, 32_000)))
            named.add((draft.text, draft.language))
            texts.add(draft.text)

    @staticmethod
    def _demote_main(plan: AnimePlan, stored: StoredAnime, present: set[tuple[str, str, str]]) -> None:
        for (text, language, kind), key in stored.titles.items():
            if kind == TitleKind.MAIN:
                if (text, language, TitleKind.OFFICIAL) in present:
                    plan.deletes["titles"].append(key)
                else:
                    plan.demoted_titles.append(key)

    def _plan_sets(self, plan: AnimePlan) -> None:
        """Genres, tags and studios are taken over whole from a source that may write them."""
        record, stored, labels = plan.record, plan.stored, self.labels
        wanted = {
            "genres": _keys(record.genres, labels.genre_id),
            "tags": _keys(record.tags, labels.tag_id),
            "studios": _keys(record.studios, lambda draft: (labels.studio_id(draft), draft.role)),
        }
        tails: dict[str, Callable[[Any], tuple[Any, ...]]] = {
            "genres": lambda key: (key,),
            "tags": lambda key: (key, 100, False),
            "studios": lambda key: key,
        }
        for name, keys in wanted.items():
            current: dict[Any, int] = getattr(stored, name) if stored else {}
            if keys is None or not self._replaces(plan, name, bool(keys), not current):
                continue
            plan.inserts[name].extend(tails[name](key) for key in keys if key not in current)
            plan.deletes[name].extend(pk for key, pk in current.items() if key not in keys)
            self._note(plan, name)

    def _replaces(self, plan: AnimePlan, name: str, is_said: bool, is_empty: bool) -> bool:
        stored = plan.stored
        if stored is not None and not is_said and stored.holder_of(name)[0] != self.source:
            return False
        return self._may(stored, name, is_empty)

    def _note(self, plan: AnimePlan, name: str) -> None:
        """Drop empty entries and remember who filled a collection of another source's anime."""
        changed = bool(plan.inserts[name] or plan.deletes[name])
        for writes in (plan.inserts, plan.deletes):
            if not writes[name]:
                del writes[name]
        owner = plan.origin or (plan.stored.origin if plan.stored else self.source)
        if changed and plan.stored and plan.stored.holder_of(name)[0] != self.source and owner != self.source:
            plan.provenance[name] = self.source

    def _plan_relations(self, plan: AnimePlan) -> None:
        record, stored = plan.record, plan.stored
        if record.relations is None:
            return
        current = {**stored.relations, **stored.pending} if stored else {}
        if not self.knows_relation_kinds:
            related = {mal_id for _, mal_id in current}
            if stored is None or not stored.holder_of("relations")[1]:
                plan.relations = [draft for draft in record.relations if draft.mal_id not in related]
            return
        if not self._replaces(plan, "relations", bool(record.relations), not current):
            return
        wanted = {(draft.kind, draft.mal_id) for draft in record.relations}
        plan.relations = [draft for draft in record.relations if (draft.kind, draft.mal_id) not in current]
        if stored:
            for name, rows in (("relations", stored.relations), ("pending", stored.pending)):
                if gone := [pk for (kind, mal_id), pk in rows.items() if self._is_gone(kind, mal_id, wanted)]:
                    plan.deletes[name] = gone

    @staticmethod
    def _is_gone(kind: str, mal_id: int, wanted: set[tuple[str, int]]) -> bool:
        """Another source's bare "related" gives way only to a kind that says how."""
        if kind == RelationKind.OTHER and (kind, mal_id) not in wanted:
            return any(target == mal_id for _, target in wanted)
        return (kind, mal_id) not in wanted

    def _plan_broadcasts(self, plan: AnimePlan) -> None:
        record, stored = plan.record, plan.stored
        if record.broadcasts is None:
            return
        wanted: dict[str, dict[tuple[Any, ...], None]] = defaultdict(dict)
        for draft in record.broadcasts:
            wanted[draft.site][draft.first_at, draft.ends_at, draft.period_days] = None
        current = stored.broadcasts if stored else {}
        if not self._replaces(plan, "broadcasts", bool(record.broadcasts), not current):
            return
        owned = {""} if stored and stored.holder_of("broadcasts")[0] == self.source else set()
        for site in sorted({*wanted, *owned}):
            have = current.get(site, {})
            if set(have) == set(wanted.get(site, {})):
                continue
            plan.deletes["broadcasts"].extend(have.values())
            plan.inserts["broadcasts"].extend(
                (site, first, ends, period, "Asia/Tokyo", 1) for first, ends, period in wanted.get(site, {})
            )
        self._note(plan, "broadcasts")

    def _plan_ids(self, plan: AnimePlan) -> None:
        """Ids are only ever added; but of a stub's, which strangers said, only those stay that the source says too."""
        record, stored = plan.record, plan.stored
        holder, is_locked = stored.holder_of("external_ids") if stored else ("", False)
        if is_locked:
            return
        have = stored.ids if stored else {}
        if new := [pair for pair in record.ids if pair not in have]:
            plan.inserts["external_ids"].extend(new)
        if stored is not None and holder == STUB and self.source != STUB:
            numbers = {value for site, value in record.ids if site in IDENTITIES}
            confirmed = {*record.ids, *((site, value) for site in IDENTITIES for value in numbers)}
            if gone := [key for pair, key in have.items() if pair not in confirmed]:
                plan.deletes["external_ids"] = gone
            if "external_ids" in stored.holders:
                plan.provenance["external_ids"] = self.source

    def _plan_additions(self, plan: AnimePlan) -> None:
        """Links are only ever added; a score follows its site."""
        record, stored = plan.record, plan.stored
        if not (stored and stored.holder_of("official_links")[1]):
            urls = stored.links if stored else set()
            if links := [(link.site, link.url, list(link.regions)) for link in record.links if link.url not in urls]:
                plan.inserts["official_links"] = links
        for draft in record.scores:
            row = stored.scores.get(draft.site) if stored else None
            if row is None:
                plan.inserts["scores"].append((draft.site, draft.value, draft.votes))
            elif row[1:] != (draft.value, draft.votes) and not stored.holder_of("external_scores")[1]:  # type: ignore[union-attr]
                plan.rescored.append((draft.value, draft.votes, row[0]))


def _is_said(value: Any) -> bool:
    """Whether a source says something with this value."""
    return value is not None and value is not False and value != ""


def _keys(drafts: Iterable[Any] | None, key: Callable[[Any], Hashable]) -> dict[Any, None] | None:
    return None if drafts is None else dict.fromkeys(key(draft) for draft in drafts)


def now() -> datetime.datetime:
    """The time of a write, without microseconds so that every database gives it back unchanged."""
    from django.utils import timezone

    return timezone.now().replace(microsecond=0)
