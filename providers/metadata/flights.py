"""Single flight: of all callers in all processes that want one answer, one asks and the others wait for it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from core.egress import EgressPaced
from providers.metadata.patience import patience

_POLL_SECONDS = 0.05
_BEAT_SECONDS = 20.0


@contextmanager
def flight(name: str, *, seconds: float) -> Iterator[bool]:
    """Whether the caller is the one who asks; nobody else is until the block ends, or for `seconds` should it never end.

    Where another one asks, the block begins (with False) when that one is done. Raises `EgressPaced` when the caller's
    patience is over before.
    """
    key, mine = f"metadata:flight:{name}", uuid4().hex
    is_first = cache.add(key, mine, timeout=max(1, round(seconds)))
    if not is_first:
        _ended(key)
    try:
        yield is_first
    finally:
        if is_first and cache.get(key) == mine:
            cache.delete(key)


def _ended(key: str) -> None:
    given = patience()
    began = beaten = time.monotonic()
    while cache.get(key) is not None:
        if time.monotonic() - began >= given.seconds:
            raise EgressPaced(_("Another call is asking the same."), retry_after=1.0)
        if given.beat is not None and time.monotonic() - beaten >= _BEAT_SECONDS:
            beaten = time.monotonic()
            given.beat()
        time.sleep(_POLL_SECONDS)
