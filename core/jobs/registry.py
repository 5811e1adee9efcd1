"""Which function does which kind of job."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.jobs.context import JobContext

Work = Callable[["JobContext"], dict[str, Any] | None]
_kinds: dict[str, Work] = {}
LEASE = timedelta(seconds=60)
"""How long a job is held without a report, unless its kind says otherwise."""
_leases: dict[str, timedelta] = {}


def job_kind(name: str, *, lease: timedelta | None = None) -> Callable[[Work], Work]:
    """Decorator: this function does jobs of kind `name`. It gets a `JobContext` and returns the job's result (JSON) or None.

    It reports at least twice in a `lease` (None: `LEASE`): so long after its last report another worker may take the job over.
    """

    def decorator(function: Work) -> Work:
        other = _kinds.setdefault(name, function)
        if other is not function and (other.__module__, other.__qualname__) != (
            function.__module__,
            function.__qualname__,
        ):
            raise ValueError(f"two functions want to do jobs of kind {name}")
        if lease is not None:
            _leases[name] = lease
        return function

    return decorator


def job_work(name: str) -> Work | None:
    """The function of a kind, or None when no app registered it."""
    return _kinds.get(name)


def job_lease(name: str) -> timedelta:
    """How long a job of a kind is held without a report."""
    return _leases.get(name, LEASE)


def leases_of_kinds() -> dict[str, timedelta]:
    """Those that differ from `LEASE`."""
    return dict(_leases)
