"""What an enrichment has done so far, kept in its job's payload so that whoever takes the job over goes on there."""

import copy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import transaction

from catalog.facade import BadRecord
from core import egress
from core.errors import DomainError
from core.jobs import JobContext
from core.models import Job
from providers.errors import ProviderBlocked
from providers.models import ProviderTitle

log = structlog.get_logger("providers")

ATTEMPTS = 12
"""How often an enrichment is tried, waits for providers included: over three hours, and through several killed workers."""
BEAT_SECONDS = 10.0
TURN_SECONDS = 60.0
"""How long a job waits for its turn at a metadata service."""
KEEP_SECONDS = 0.5
"""Work of less than this is not written down for itself: a request to a provider takes longer by its pace alone."""
PASSING = frozenset({*(error.code for error in egress.PASSING), ProviderBlocked.code})
"""Failures that pass by themselves: worth another try later."""
LEAST_DELAY, MOST_DELAY = 30.0, 1800.0
"""Seconds until such a try. The least doubles each time up to the most."""
TITLES_SECONDS = 10.0
"""How long the titles that were loaded are believed: a provider that is switched off meanwhile is not asked for long."""


class StaleAnswer(Exception):
    """A service could not be asked again: what is kept of it was used; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Run:
    """`memory` is what is kept. Its lists hold what is done: `stages`, `scraped`, `searched` (names of providers), …"""

    def __init__(self, context: JobContext) -> None:
        self.context = context
        self.memory: dict[str, Any] = copy.deepcopy(context.payload.get("memory") or {})
        self._kept: dict[str, Any] = copy.deepcopy(self.memory)
        self._beaten_at = time.monotonic()
        self._kept_at = 0.0
        self._titles: list[ProviderTitle] | None = None
        self._titles_at = 0.0
        self._failed: set[tuple[str, Any]] = set()
        self.delay = 0.0
        """Seconds after which a failure of this attempt may have passed, 0 when none is to be tried again."""
        if any(found["code"] in PASSING for found in self.done("problems")):
            self.again()  # whoever had the job before was killed before it could ask for another attempt

    @property
    def is_forced(self) -> bool:
        return bool(self.context.payload.get("is_forced"))

    @property
    def is_last_attempt(self) -> bool:
        return self.context.attempt >= ATTEMPTS

    @property
    def anime_id(self) -> int | None:
        """The anime, as soon as it is known."""
        return self.memory.get("anime_id")

    @property
    def title_id(self) -> int | None:
        """The title that was asked for, if it was one."""
        return self.context.payload.get("title_id")

    @property
    def mal_id(self) -> int | None:
        """The MAL id that was asked for, if it was one."""
        return self.context.payload.get("mal_id")

    def anime_found(self, anime_id: int | None) -> None:
        """Note which anime it is."""
        if anime_id is not None and anime_id != self.anime_id:
            self.memory["anime_id"] = anime_id
            self.titles_changed()

    def titles(self) -> list[ProviderTitle]:
        """The titles that the run is about, of providers that are on, the preferred ones first. Stages work on the same rows
        for as long as `TITLES_SECONDS` and nobody calls `titles_changed`.
        """
        if self._titles is None or time.monotonic() - self._titles_at > TITLES_SECONDS:
            rows = ProviderTitle.objects.filter(provider__is_enabled=True).select_related("provider")
            rows = rows.filter(pk=self.title_id or 0) if self.anime_id is None else rows.filter(anime=self.anime_id)
            self._titles = list(rows.order_by("provider__position", "provider__name", "pk"))
            self._titles_at = time.monotonic()
        return self._titles

    def titles_changed(self) -> None:
        """There are other titles now than those that were loaded."""
        self._titles = None

    def beat(self) -> None:
        """Keep the job's lease; called as often as one likes."""
        if time.monotonic() - self._beaten_at > BEAT_SECONDS:
            self.context.report()
            self._beaten_at = time.monotonic()

    def stage_enter(self, name: str, progress: float) -> None:
        """Tell where the job stands, 0–100, and keep what was done so far, where that took any time."""
        if self._is_time_to_keep():
            self.keep(stage=name, progress=progress)

    def _is_time_to_keep(self) -> bool:
        """Whether so much was done that doing it again would cost more than writing it down."""
        return time.monotonic() - self._kept_at >= KEEP_SECONDS

    def done(self, name: str) -> list[Any]:
        """What of a kind was done already, by whoever held the job."""
        return self.memory.get(name, [])

    def is_left(self, name: str, value: Any) -> bool:
        """Whether this attempt has still to do it: nobody did, and it did not fail a moment ago."""
        return value not in self.done(name) and (name, value) not in self._failed

    def note(self, name: str, value: Any) -> None:
        """Add to what was done of a kind."""
        if value not in self.done(name):
            self.memory[name] = [*self.done(name), value]

    def count(self, name: str, more: int) -> None:
        """Add to a number."""
        self.memory[name] = self.memory.get(name, 0) + more

    def again(self) -> None:
        """Make ready for another attempt: what may have passed by then is no problem, all stages look for what is left."""
        self.memory["problems"] = [found for found in self.done("problems") if found["code"] not in PASSING]
        self.memory["stages"] = self.memory["synced"] = []

    def keep(self, **stand: Any) -> None:
        """Write the memory, if the job is still ours (else `LeaseLost`); `stand` as in `JobContext.report`."""
        with transaction.atomic():
            self.context.report(**stand)
            if self.memory != self._kept:
                self._kept = copy.deepcopy(self.memory)
                self.context.payload = {**self.context.payload, "memory": self._kept}
                Job.objects.filter(id=self.context.job_id).update(payload=self.context.payload)
        self._beaten_at = self._kept_at = time.monotonic()

    def problem(self, provider: str, code: str) -> None:
        """Note what went wrong with one provider; each (provider, code) once."""
        self.note("problems", {"provider": provider, "code": code})

    @contextmanager
    def trying(
        self, provider: str, name: str, value: Any, *, is_kept: bool = True, attempts: int = ATTEMPTS
    ) -> Iterator[None]:
        """Around the work on one thing of one provider: its failure is noted and spoils nothing else.

        What ended, well or for good, is noted as done under `name` (and kept at once, unless the work is little or leaves
        its own trace); a failure that passes is not, and asks for another attempt of the job as long as there are any of `attempts`.
        """
        try:
            yield
        except (DomainError, BadRecord, StaleAnswer) as error:
            code = getattr(error, "code", "bad_record")
            log.info("enrichment_problem", provider=provider, code=code, what=name)
            self.problem(provider, code)
            if code in PASSING and self.context.attempt < attempts:
                patience = min(MOST_DELAY, LEAST_DELAY * 2 ** (self.context.attempt - 1))
                self.delay = max(self.delay, patience, delay_of(error))
                self._failed.add((name, value))
                return
        self.note(name, value)
        if is_kept and self._is_time_to_keep():
            self.keep()
        else:
            self.beat()


def delay_of(error: Exception) -> float:
    """Seconds to wait before another try: what the error says, within half a minute and half an hour."""
    said = getattr(error, "retry_after", None)
    if said is None:
        said = getattr(error, "headers", {}).get("Retry-After", LEAST_DELAY)
    try:
        return min(MOST_DELAY, max(LEAST_DELAY, float(said)))
    except (TypeError, ValueError):
        return LEAST_DELAY
