"""Asking one thing while the download keeps beating."""

import threading
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
BEAT = 0.5


def awaited(call: Callable[[], Found], beat: Callable[[], None]) -> Found:
    """What `call` returns or raises; it runs in a thread of its own, `beat` in the caller's at least twice a second.

    What `beat` raises ends the waiting; the call, which is bounded by its policy, is left to its end.
    """
    results: list[Found] = []
    errors: list[BaseException] = []
    is_over = threading.Event()

    def work() -> None:
        try:
            results.append(call())
        except BaseException as error:  # raised again in the caller's thread
            errors.append(error)
        finally:
            is_over.set()

    threading.Thread(target=work, name="fetch-one", daemon=True).start()
    while not is_over.wait(BEAT):
        beat()
    if errors:
        raise errors[0]
    return results[0]
