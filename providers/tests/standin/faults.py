"""What may go wrong at the stand-in, and for which requests."""

import enum
import fnmatch
import threading
from dataclasses import dataclass


class FaultKind(enum.StrEnum):
    ERROR = "error"  # `status`, with `retry_after` when it is given
    STORM = "storm"  # 429 with Retry-After
    SLOW = "slow"  # waits `seconds` before it answers
    DRIP = "drip"  # sends a byte every `seconds`
    ENDLESS = "endless"  # announces nothing and never stops sending
    CUT = "cut"  # announces more bytes than it sends, then closes
    CUT_JSON = "cut_json"  # half of the JSON, announced as the whole
    GARBAGE = "garbage"  # 200 with what is no JSON
    WRONG_ID = "wrong_id"  # a good answer for another id
    DOWN = "down"  # closes the connection without a word


@dataclass(slots=True)
class Fault:
    """One fault for the paths that match `path` (shell pattern); gone after `times` requests (None: stays)."""

    kind: FaultKind
    path: str = "*"
    times: int | None = None
    status: int = 500
    retry_after: int | None = None
    seconds: float = 0.0


class Faults:
    """The faults that are set, for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._set.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._set.clear()

    def next_for(self, path: str) -> Fault | None:
        """The first fault that this request meets; it counts as one of its `times`."""
        with self._lock:
            for fault in self._set:
                if fnmatch.fnmatchcase(path, fault.path):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._set.remove(fault)
                    return fault
        return None
