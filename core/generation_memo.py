"""Things worked out from the catalogue and kept until it changes: counts, label tables, neighbours."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.db import connection

from core import generation

T = TypeVar("T")


class GenerationMemo(Generic[T]):
    """At most `size` values of this process, each valid for the generation it was computed in.

    The generation is read before computing, so a value from an older snapshot is never taken for a newer one. Inside a
    transaction nothing is kept nor given: what is seen there may never be committed.
    """

    def __init__(self, size: int = 512) -> None:
        self.size = size
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[int, T]] = OrderedDict()

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The value of `key`, computed now unless it was computed in the running generation."""
        if connection.in_atomic_block:
            return compute()
        now = generation.current()
        held = self._held.get(key)
        if held is not None and held[0] == now:
            return held[1]
        value = compute()
        with self._lock:
            self._held[key] = (now, value)
            self._held.move_to_end(key)
            while len(self._held) > self.size:
                self._held.popitem(last=False)
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
