"""Turns in a rate: a journal of who went when, in the cache that all processes share, entered by one of all who try.

The journal is one value, (number of the last entry, when those went that still count), and a record per entry. Whoever makes
the record of the next number has the turn: `cache.add` lets one of all callers do so. Then the value is brought up to date; who
reads an old one (its writer was slow, or died) meets the record, enters it for him and goes on.
"""

import time
from dataclasses import dataclass

from django.core.cache import cache

from core.egress.policy import Rate
from core.egress.state import key, whole

Kept = tuple[int, tuple[float, ...]]

# Between the entry and the request lies a moment, not always the same: so much longer than its span a place is held.
_SLACK = 0.01
_SLACK_SHARE = 0.05
SHORTEST_WAIT = 0.001
# Entries further ahead than this are no other machine's clock: ours was set back.
_SKEW = 1.0
# A value is written only by those who read it just now; records live longer than that, so that they reach back to any value.
FRESH_SECONDS = 2.0
_RECORD_SECONDS = 5.0
# More callers than this do not go between one's look and its turn; it would be a cache that keeps nothing.
_TRIES = 1000


def journal_name(host: str, rate: Rate) -> str:
    """The cache key of a rate's journal at a host."""
    return key(host, f"turns:{rate.times}:{float(rate.seconds)}")


@dataclass(slots=True)
class Journal:
    """What one caller knows of a journal: `stamps` are the times of entries, `mine` its own, `is_changed` when it knows more
    than is kept.
    """

    name: str
    rate: Rate
    number: int
    stamps: list[float]
    mine: float | None = None
    is_changed: bool = False

    @classmethod
    def read(cls, name: str, rate: Rate, kept: Kept | None) -> "Journal":
        """The journal as kept, None for an empty one. Entries of the future (the clock was set back) count as made now."""
        number, stamps = kept or (0, ())
        journal = cls(name, rate, number, [_believed(stamp) for stamp in stamps])
        journal.is_changed = journal.kept[1] != stamps
        return journal

    @property
    def kept(self) -> Kept:
        return self.number, tuple(self.stamps)

    @property
    def lifetime(self) -> int:
        """Seconds that the cache must keep the journal and its records."""
        return whole(self.rate.seconds + _RECORD_SECONDS)

    @property
    def slack(self) -> float:
        return min(_SLACK, _SLACK_SHARE * self.rate.seconds)

    def wait(self) -> float:
        """Seconds until there is a place, 0 when there is one; forgets the entries that do not count any more."""
        held, now = self.rate.seconds + self.slack, time.time()
        self.stamps = sorted(stamp for stamp in self.stamps if stamp + held > now)
        if len(self.stamps) < self.rate.times:
            return 0.0
        return max(SHORTEST_WAIT, self.stamps[-self.rate.times] + held - now)

    def enter(self) -> float:
        """Take a place: 0 when it is taken, else none is and the seconds until there may be one."""
        for _try in range(_TRIES):
            if wait := self.wait():
                return wait
            record, began = f"{self.name}:{self.number + 1}", time.time()
            if cache.add(record, began, timeout=self.lifetime):
                # The caller goes when the value is written, which takes as long as the record did.
                self.mine = 2 * time.time() - began
                self._append(self.mine)
                return 0.0
            other = cache.get(record)
            if other is None:
                break
            self._append(_believed(other))
        return SHORTEST_WAIT

    def delay(self) -> bool:
        """Whether the writing took longer than our own entry foresaw; then it is made now, and must be written again."""
        now = time.time()
        if self.mine is None or now <= self.mine + self.slack / 2:
            return False
        self.stamps[self.stamps.index(self.mine)] = now
        self.mine = now
        return True

    def _append(self, stamp: float) -> None:
        self.number += 1
        self.stamps.append(stamp)
        self.is_changed = True


def _believed(stamp: float) -> float:
    now = time.time()
    return stamp if stamp <= now + _SKEW else now
