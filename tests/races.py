"""Calls that many people make at the same moment, each on a connection of its own."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence

from django.db import connection

from core.errors import DomainError

DONE = "done"


def at_once(calls: Sequence[Callable[[], object]]) -> Counter[str]:
    """How often each end was reached: `DONE`, or the code of what refused the call. Any other end fails the test."""
    barrier, ends = threading.Barrier(len(calls)), Counter[str]()
    unforeseen: list[BaseException] = []

    def run(call: Callable[[], object]) -> None:
        barrier.wait(timeout=60)
        try:
            call()
            ends[DONE] += 1
        except DomainError as error:
            ends[error.code] += 1
        except BaseException as error:  # `pytest.fail` is none of Exception
            unforeseen.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if unforeseen:
        raise unforeseen[0]
    return ends
