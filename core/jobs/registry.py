"""Which function does which kind of job."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.jobs.context import JobContext

Work = Callable[["JobContext"], dict[str, Any] | None]
_kinds: dict[str, Work] = {}


def job_kind(name: str) -> Callable[[Work], Work]:
    """Decorator: this function does jobs of kind `name`. It gets a `JobContext` and returns the job's result (JSON) or None."""

    def decorator(function: Work) -> Work:
        other = _kinds.setdefault(name, function)
        if other is not function and (other.__module__, other.__qualname__) != (
            function.__module__,
            function.__qualname__,
        ):
            raise ValueError(f"two functions want to do jobs of kind {name}")
        return function

    return decorator


def job_work(name: str) -> Work | None:
    """The function of a kind, or None when no app registered it."""
    return _kinds.get(name)
