"""How calls to a metadata service take their turns: a job has time, a person has not; whoever asks much leaves room."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """`seconds` of waiting for the turn of a request; `beat` is called at least every 20 of them (a job's `report`).
    `leaves_room`: at an even pace, with a part of the service's limits left to others.
    """

    seconds: float
    beat: Callable[[], object] | None = None
    leaves_room: bool = False


# Shorter than the lease of a job: one that gives no beat is not taken for dead while it waits.
DEFAULT = Patience(seconds=45.0)
_patience: ContextVar[Patience] = ContextVar("metadata_patience", default=DEFAULT)


def patience() -> Patience:
    """What holds for the calls made here."""
    return _patience.get()


@contextmanager
def waiting_at_most(
    seconds: float, *, beat: Callable[[], object] | None = None, leaves_room: bool = False
) -> Iterator[None]:
    """Calls within wait no longer than `seconds` for their turn: 2 where a person waits, up to 75 in a job, which gives
    its `report` as `beat`. What `beat` raises (a cancelled job) ends the call. `leaves_room` is for who asks a lot that
    nobody waits for.
    """
    token = _patience.set(Patience(seconds, beat, leaves_room))
    try:
        yield
    finally:
        _patience.reset(token)
