"""One import from start to end: stages, batches, resuming where a killed run stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.utils import timezone

from catalog.importing.episode_writer import episodes_write
from catalog.importing.episodes import episode_map
from catalog.importing.formats import FORMATS, Format, Mapper, entry_map
from catalog.importing.labels import LabelBook
from catalog.importing.matching import records_known, records_match
from catalog.importing.planning import AnimePlan, Planner
from catalog.importing.reader import Entry, Read, Source, UnreadableFile, entries_read, file_digest, json_read
from catalog.importing.records import AnimeRecord, BadRecord, EpisodeRecord
from catalog.importing.stored import stored_load
from catalog.importing.writer import plans_write
from catalog.models import ImportRun
from catalog.services.changes import catalog_change_record
from catalog.services.documents import documents_rebuild_stale
from core.planner import statistics_refresh

ANIME_BATCH = 500
EPISODE_BATCH = 4_000
MAX_ERRORS = 1_000
"""How many errors a run keeps; all of them are counted and told."""

Tell = Callable[[str], None]
Progress = Callable[[str, int, float], None]


class ImportConflict(Exception):
    """Another process is importing the same file."""


@dataclass(slots=True)
class Importer:
    """Imports one file of anime, and one of episodes after it.

    `tell` gets a line for each bad record, `progress` (stage, records done, share 0–1) after each batch. A dry run writes
    nothing at all. Raises `UnreadableFile` and `ImportConflict`.
    """

    format: str
    path: Path
    episodes_path: Path | None = None
    is_dry: bool = False
    tell: Tell = lambda line: None
    progress: Progress = lambda stage, done, share: None
    run: ImportRun = field(init=False)
    _format: Format = field(init=False)
    _labels: LabelBook = field(init=False)
    _seen: dict[Any, int] = field(init=False, default_factory=dict)
    _expected: set[int] = field(init=False, default_factory=set)

    def import_all(self) -> dict[str, Any]:
        """Do what is left to do and give back the summary (counts of the whole run, seconds of this start)."""
        start = monotonic()
        self._format = FORMATS[self.format]
        self.run = self._run_open()
        self._labels = LabelBook()
        try:
            if self.run.stage == "anime":
                self._stage_anime()
                self._stage_enter("episodes")
            if self.run.stage == "episodes":
                if self.episodes_path:
                    self._stage_episodes(self.episodes_path)
                self._stage_enter("documents")
            documents = 0 if self.is_dry else self._stage_documents()
        except UnreadableFile as error:
            self._fail(str(error))
            raise
        return self._summary(monotonic() - start, documents)

    def _run_open(self) -> ImportRun:
        paths = [self.path, *([self.episodes_path] if self.episodes_path else [])]
        wanted = {"format": self.format, "file_digest": file_digest(*paths)}
        new = ImportRun(**wanted, file_name=self.path.name[:255], stage="anime")
        if self.is_dry:
            return new
        found = ImportRun.objects.filter(**wanted, state=ImportRun.State.RUNNING).first()
        if found:
            return found
        new.save()
        return new

    def _stage_enter(self, stage: str) -> None:
        self.run.stage, before = stage, self.run.position
        self.run.position = 0
        if not self.is_dry:
            moved = ImportRun.objects.filter(pk=self.run.pk, position=before).update(stage=stage, position=0)
            if not moved:
                raise ImportConflict("another process has taken this import over")

    def _fail(self, reason: str) -> None:
        if self.is_dry:
            return
        self.run.state, self.run.finished_at = ImportRun.State.FAILED, timezone.now()
        self.run.errors = [*self.run.errors, {"line": 0, "reason": reason}][-MAX_ERRORS:]
        self.run.save(update_fields=["state", "finished_at", "errors"])

    def _batches(self, source: Source, size: int, read: Read = json_read) -> Iterator[list[Entry]]:
        """The entries after the run's position, by `size`."""
        entries = iter(entries_read(source, read))
        for _ in islice(entries, self.run.position):
            pass
        while batch := list(islice(entries, size)):
            yield batch

    def _stage_anime(self) -> None:
        source = Source(self.path)
        mapper = Mapper(self._format, source)
        planner = Planner(
            self.format,
            self._labels,
            knows_relation_kinds=self._format.knows_relation_kinds,
            is_adding=self._format.is_adding,
        )
        if self.run.position:
            self._recall()
        for batch in self._batches(source, ANIME_BATCH, self._format.read):
            mapped = [(entry, mapper.map(entry)) for entry in batch]
            if not self.is_dry:
                with transaction.atomic():
                    self._labels.labels_create([record for _, record in mapped if isinstance(record, AnimeRecord)])
            self._store(mapped, lambda part: self._anime_batch(part, planner))
            self.progress("anime", self.run.position, source.share_read)

    def _recall(self) -> None:
        """Which anime the entries before the run's position were about: a later record of one of them is a repetition.

        A run that was killed took this knowledge with it; without it the repetition would change what the first one said.
        """
        source = Source(self.path)
        mapper = Mapper(self._format, source)
        entries = islice(iter(entries_read(source, self._format.read)), self.run.position)
        while batch := list(islice(entries, ANIME_BATCH)):
            mapped = [(entry, mapper.map(entry)) for entry in batch]
            good = [(entry, record) for entry, record in mapped if isinstance(record, AnimeRecord)]
            matches = self._match([record for _, record in good])
            for (entry, record), match in zip(good, matches, strict=True):
                self._seen.setdefault(match or record.ids[0], entry.line)
                self._seen.setdefault(record.ids[0], entry.line)

    def _stage_episodes(self, path: Path) -> None:
        source = Source(path)
        for batch in self._batches(source, EPISODE_BATCH):
            self._store([(entry, entry_map(episode_map, entry)) for entry in batch], self._episode_batch)
            self.progress("episodes", self.run.position, source.share_read)

    def _stage_documents(self) -> int:
        count = documents_rebuild_stale(progress=lambda done, share: self.progress("documents", done, share))
        with transaction.atomic():
            run = self.run
            if count or run.created or run.changed or run.episodes_created or run.episodes_changed:
                catalog_change_record(anime_ids=None)
            run.state, run.finished_at = ImportRun.State.DONE, timezone.now()
            run.save(update_fields=["state", "finished_at"])
        statistics_refresh()
        return count

    def _store(self, part: list[tuple[Entry, Any]], write: Callable[[list[tuple[Entry, Any]]], None]) -> None:
        """Write one batch in one transaction with the run's new position.

        When the database refuses a value, the batch is halved until the record that it refuses stands alone.
        """
        before = self._counters()
        try:
            with transaction.atomic():
                write(part)
                self._position_commit(len(part), before["position"])
        except (DataError, IntegrityError, OverflowError) as error:
            self._counters_reset(before)
            if len(part) == 1:
                entry = part[0][0]
                reason = BadRecord(f"the database refuses it: {str(error).splitlines()[0]}"[:200])
                self._store([(entry, reason)], write)
                return
            middle = len(part) // 2
            self._store(part[:middle], write)
            self._store(part[middle:], write)
        except DatabaseError:
            self._counters_reset(before)
            raise

    def _anime_batch(self, part: list[tuple[Entry, AnimeRecord | BadRecord]], planner: Planner) -> None:
        good: list[tuple[Entry, AnimeRecord]] = []
        for entry, record in part:
            if isinstance(record, AnimeRecord):
                good.append((entry, record))
            else:
                self._reject(entry, str(record), "skipped")
        matches = self._match([record for _, record in good])
        stored = stored_load({match for match in matches if match})
        plans: list[AnimePlan] = []
        lines: dict[Any, int] = {}
        for (entry, record), match in zip(good, matches, strict=True):
            if match is None and self._format.is_adding:
                self.run.unmatched += 1
                continue
            key = match or record.identity
            if first := self._seen.get(key) or self._seen.get(record.identity) or lines.get(key):
                self._reject(entry, f"the same anime as in line {first}", "skipped")
                continue
            lines[key] = entry.line
            plan = planner.plan(record, stored.get(match) if match else None)
            plans.append(plan)
            name = "created" if not match else "unchanged" if plan.is_empty else "changed"
            setattr(self.run, name, getattr(self.run, name) + 1)
        if self.is_dry:
            self._expected.update(int(plan.record.mal_id) for plan in plans if plan.record.mal_id)
        else:
            for anime_id, plan in plans_write(plans).items():
                lines[anime_id] = lines[plan.stored.id if plan.stored else plan.record.identity]
        self._seen.update(lines)

    def _match(self, records: list[AnimeRecord]) -> list[int | None]:
        return records_known(records) if self._format.is_adding else records_match(records)

    def _episode_batch(self, part: list[tuple[Entry, EpisodeRecord | BadRecord]]) -> None:
        good = [(entry, record) for entry, record in part if isinstance(record, EpisodeRecord)]
        for entry, record in part:
            if isinstance(record, BadRecord):
                self._reject(entry, str(record), "episodes_skipped")
        counts = episodes_write([record for _, record in good], is_dry=self.is_dry, expected=self._expected)
        for place, reason in counts.rejected:
            self._reject(good[place][0], reason, "episodes_skipped")
        self.run.episodes_created += counts.created
        self.run.episodes_changed += counts.changed
        self.run.episodes_unchanged += counts.unchanged

    def _reject(self, entry: Entry, reason: str, counter: str) -> None:
        setattr(self.run, counter, getattr(self.run, counter) + 1)
        if len(self.run.errors) < MAX_ERRORS:
            self.run.errors = [*self.run.errors, {"stage": self.run.stage, "line": entry.line, "reason": reason}]
        self.tell(f"{self.run.stage}, line {entry.line}: {reason}")

    def _position_commit(self, done: int, before: int) -> None:
        """Move the run on, unless somebody else has."""
        self.run.position = before + done
        if self.is_dry:
            return
        counters = self._counters()
        if not ImportRun.objects.filter(pk=self.run.pk, position=before, state="running").update(**counters):
            raise ImportConflict("another process has taken this import over")

    def _counters(self) -> dict[str, Any]:
        return {name: getattr(self.run, name) for name in _COUNTERS}

    def _counters_reset(self, before: dict[str, Any]) -> None:
        for name, value in before.items():
            setattr(self.run, name, value)

    def _summary(self, seconds: float, documents: int) -> dict[str, Any]:
        names = [name for name in _COUNTERS if name not in ("position", "errors")]
        return {
            "format": self.format,
            "dry_run": self.is_dry,
            **{name: getattr(self.run, name) for name in names},
            "documents": documents,
            "seconds": round(seconds, 1),
        }


_COUNTERS = (
    "position",
    "created",
    "changed",
    "unchanged",
    "unmatched",
    "skipped",
    "episodes_created",
    "episodes_changed",
    "episodes_unchanged",
    "episodes_skipped",
    "errors",
)
