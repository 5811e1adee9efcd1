"""The operator's cap on what all downloads of this process take from the network together."""

import threading
import time

from downloads.configuration.store import configuration

BURST_SECONDS = 0.25
"""So much of a second may come at once."""


class Bucket:
    """Bytes that may come now; it fills at the configured rate, and a change of that holds from the next call on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._filled_at = time.monotonic()
        self._level = 0.0

    def spend(self, count: int) -> float:
        """Take in `count` bytes; seconds to wait before the next. Debts are shared: whoever comes later waits longer."""
        rate = configuration().bandwidth
        if rate <= 0:
            return 0.0
        with self._lock:
            now = time.monotonic()
            most = rate * BURST_SECONDS
            self._level = min(most, self._level + (now - self._filled_at) * rate) - count
            self._filled_at = now
            return max(0.0, -self._level / rate)


bucket = Bucket()
"""That of this process."""
