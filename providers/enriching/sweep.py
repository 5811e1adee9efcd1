"""Services asked about many anime, a batch at a time, evenly: what they say is merged in bulk, who says wait is left alone."""

import datetime
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import structlog
from django.db import DataError, IntegrityError
from django.utils import timezone

from catalog.facade import (
    AnimeRecord,
    AnimeStanding,
    AnimeStatus,
    Applied,
    BadRecord,
    EpisodeRecord,
    anime_standings,
    episodes_apply,
    external_ids_of,
    records_apply_many,
)
from core.errors import DomainError
from providers.enriching.due import age_allowed, looks_of
from providers.enriching.records import episode_record, sources_chosen_many
from providers.enriching.run import BEAT_SECONDS, LEAST_DELAY, PASSING, TURN_SECONDS, delay_of
from providers.errors import ProviderDisabled
from providers.metadata.client import Metadata, MetadataClient
from providers.metadata.clients import clients_enabled
from providers.metadata.held import holding
from providers.metadata.jikan import Jikan
from providers.metadata.patience import waiting_at_most
from providers.models import MetadataSnapshot

log = structlog.get_logger("providers")

Said = tuple[int, str, AnimeRecord]


class Sweep:
    """One run over many anime. What services said since `started_at` is merged without asking again, so that a run that
    was cut short loses nothing; `is_forced` asks about what is not due, too. `beat` is called every ten seconds.
    """

    def __init__(self, *, started_at: datetime.datetime, is_forced: bool, beat: Callable[[], object]) -> None:
        self.clients = sorted(clients_enabled(), key=lambda client: client.site != "mal")
        self.counts: Counter[str] = Counter()
        """asked, changed, missing, episodes, and how often each problem ("jikan: egress_timeout") was met."""
        self.delay = 0.0
        """Seconds after which a service that said wait may be asked again; 0 when none did."""
        self._started_at, self._is_forced, self._beat = started_at, is_forced, beat
        self._beaten_at = time.monotonic()

    def batch(self, anime_ids: Sequence[int]) -> int:
        """Ask about these anime and merge what is said. How many are done: fewer than were given once no service is left.

        No transaction may be open.
        """
        ids = external_ids_of(anime_ids)
        heard: list[tuple[int, Metadata]] = []
        episodes: list[EpisodeRecord] = []
        try:
            with holding(self._names(ids)):
                return self._ask_all(anime_ids, ids, heard, episodes)
        finally:
            # Also when the run is stopped in the midst of it: what was said counts as asked, and would not be soon again.
            self._store(heard, episodes)

    def _store(self, heard: Sequence[tuple[int, Metadata]], episodes: Sequence[EpisodeRecord]) -> None:
        _snapshots_attach(heard)
        self._merge([(key, said.source, said.record) for key, said in heard if said.record is not None])
        self.counts["missing"] += sum(said.record is None for _key, said in heard)
        if episodes:
            counted = episodes_apply(records=episodes)
            self.counts["episodes"] += counted.created + counted.changed

    def _names(self, ids: dict[int, dict[str, list[str]]]) -> list[tuple[str, str]]:
        """(service, id) of all that may be asked for."""
        found = ((client.name, client.id_among(known)) for known in ids.values() for client in self.clients)
        return [(name, external_id) for name, external_id in found if external_id is not None]

    def _ask_all(
        self,
        anime_ids: Sequence[int],
        ids: dict[int, dict[str, list[str]]],
        heard: list[tuple[int, Metadata]],
        episodes: list[EpisodeRecord],
    ) -> int:
        """Add what is said of each and the lists of what airs; of how many anime that was asked. `ids` learn from answers."""
        looks = looks_of([client.name for client in self.clients], anime_ids)
        standings = {standing.id: standing for standing in anime_standings(anime_ids)}
        done = 0
        for anime_id in anime_ids:
            if standing := standings.get(anime_id):
                for client in list(self.clients):
                    answer = self._asked(client, standing, ids[anime_id], looks.get(anime_id, {}).get(client.name))
                    if answer is not None:
                        heard.append((anime_id, answer))
                        for site, value in answer.record.ids if answer.record else ():
                            ids[anime_id][site].append(value)
                episodes += self._episodes(standing, ids[anime_id])
            if not self.clients:
                break
            done += 1
        return done

    def _asked(
        self,
        client: MetadataClient,
        standing: AnimeStanding,
        ids: dict[str, list[str]],
        looked_at: datetime.datetime | None,
    ) -> Metadata | None:
        """What a service says now, or said in this run; None for what is not due, and where it cannot be asked."""
        external_id = client.id_among(ids)
        is_heard = looked_at is not None and looked_at >= self._started_at
        now = timezone.now()
        is_due = looked_at is None or self._is_forced or now - looked_at >= age_allowed(standing, now.date())
        if external_id is None or not (is_due or is_heard):
            return None
        with self._trying(client):
            said = client.anime(external_id, is_fresh=self._is_forced and not is_heard)
            self.counts["asked"] += not is_heard
            if not said.error_code:
                return said
            # What is kept was merged when it came: it is no news.
            self._failed(client, said.error_code, LEAST_DELAY)
        return None

    def _episodes(self, standing: AnimeStanding, ids: dict[str, list[str]]) -> list[EpisodeRecord]:
        """MAL's list of what airs now, as far as it is not known from today."""
        client = next((client for client in self.clients if isinstance(client, Jikan)), None)
        mal_id = client.id_among(ids) if client else None
        if client is None or mal_id is None or standing.status != AnimeStatus.AIRING:
            return []
        with self._trying(client):
            return [episode_record(int(mal_id), facts) for facts in client.episodes(mal_id)]
        return []

    @contextmanager
    def _trying(self, client: MetadataClient) -> Iterator[None]:
        """Around a question to a service: waits for its turn; what goes wrong is noted and spoils nothing else."""
        if time.monotonic() - self._beaten_at > BEAT_SECONDS:
            self._beat()
            self._beaten_at = time.monotonic()
        try:
            with waiting_at_most(TURN_SECONDS, beat=self._beat, leaves_room=True):
                yield
        except (DomainError, BadRecord) as error:
            self._failed(client, getattr(error, "code", "bad_record"), delay_of(error))

    def _failed(self, client: MetadataClient, code: str, delay: float) -> None:
        """Note it; a service that cannot be asked for now, or is off, is asked nothing more in this run."""
        self.counts[f"{client.name}: {code}"] += 1
        if code in PASSING or code == ProviderDisabled.code:
            log.info("sweep_service_rests", service=client.name, code=code)
            self.clients = [other for other in self.clients if other is not client]
        if code in PASSING:
            self.delay = max(self.delay, delay)

    def _merge(self, said: Sequence[Said]) -> None:
        """Merge by ranks, choices and locks; what the database refuses is halved until it stands alone, and left out."""
        anime_ids = sorted({anime_id for anime_id, _source, _record in said})
        try:
            outcomes = records_apply_many(records=said, chosen=sources_chosen_many(anime_ids)) if said else []
        except (DataError, IntegrityError, OverflowError) as error:
            if len(anime_ids) > 1:
                first = set(anime_ids[: len(anime_ids) // 2])
                self._merge([one for one in said if one[0] in first])
                self._merge([one for one in said if one[0] not in first])
                return
            log.warning("sweep_record_refused", anime_id=anime_ids[0], error=str(error)[:200])
            self.counts["refused"] += 1
            return
        found = [outcome for outcome in outcomes if isinstance(outcome, Applied)]
        self.counts["changed"] += len({outcome.anime_id for outcome in found if outcome.changed})
        for outcome in outcomes:
            if not isinstance(outcome, Applied):
                self.counts[outcome.code] += 1


def _snapshots_attach(heard: Sequence[tuple[int, Metadata]]) -> None:
    """Note which anime the kept answers are of, those without one too. Two queries at most."""
    wanted = {(said.source, said.external_id): anime_id for anime_id, said in heard}
    rows = MetadataSnapshot.objects.filter(
        source__in={source for source, _value in wanted}, external_id__in={value for _source, value in wanted}
    ).only("source", "external_id", "anime_id")
    changed = []
    for row in rows:
        anime_id = wanted.get((row.source, row.external_id), row.anime_id)
        if row.anime_id != anime_id:
            row.anime_id = anime_id
            changed.append(row)
    if changed:
        MetadataSnapshot.objects.bulk_update(changed, ["anime"])
