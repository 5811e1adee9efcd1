"""What the site knows about a person: every app says here how its part is exported and how it is erased.

An app's `personal_data.py` (imported in its `ready()`) decorates functions:

    @export_part("lists/entries", label=_("Your list"), models=["lists.ListEntry"])
    def entries(user): yield from rows_of(ListEntry.objects.filter(user=user), "anime_id", "status", "created_at")

    @erase_part("lists/entries", models=["lists.ListEntry"])
    def entries_erase(user): ListEntry.objects.filter(user=user).delete()

    exempt("lists.Something", reason="…", of="export")

`tests/test_personal_data.py` walks all models (`core.personal_models`) and fails when one that belongs to a person has
neither a part nor an exemption, for the export and for the erasure alike.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.storage import Storage
from django.db.models import QuerySet

from core.errors import Text

Person = Any
"""The site's user model; core knows it only as Django's `AbstractBaseUser`."""
Row = dict[str, Any]
Rows = Callable[[Person], Iterable[Row]]
Erase = Callable[[Person], Iterator[None] | None]
Side = Literal["export", "erasure"]

CHUNK = 500
"""Rows that are in memory at a time."""
FIRST, EARLY, USUAL, LATE = 0, 100, 500, 900
"""Orders of erasure. FIRST: what could still act or write in the person's name. EARLY: rows that name the person in
texts, found by names that later parts destroy. USUAL: content. LATE: what other parts write to (the realtime log)."""


@dataclass(frozen=True, slots=True)
class ExportPart:
    """One JSON file of an export. `name` is "app/noun"; `rows` yields JSON-able dicts, read in chunks."""

    name: str
    label: Text
    models: frozenset[str]
    rows: Rows


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that goes into the export as it is: `path` within the archive, and where it lies."""

    path: str
    storage: Storage
    name: str


@dataclass(frozen=True, slots=True)
class ErasePart:
    """Deletes or makes anonymous one kind of rows of a person; a second run changes nothing more."""

    name: str
    models: frozenset[str]
    order: int
    erase: Erase


@dataclass(slots=True)
class Registry:
    """What all apps contributed; `exempt_models` holds (model, side) → the reason."""

    exports: dict[str, ExportPart] = field(default_factory=dict)
    files: dict[str, Callable[[Person], Iterable[ExportFile]]] = field(default_factory=dict)
    erasures: dict[str, ErasePart] = field(default_factory=dict)
    exempt_models: dict[tuple[str, Side], str] = field(default_factory=dict)

    def covered(self, side: Side) -> frozenset[str]:
        """Labels (lower case) of the models that a side of the registry speaks of."""
        parts: Iterable[ExportPart | ErasePart] = self.exports.values() if side == "export" else self.erasures.values()
        named = {model for part in parts for model in part.models}
        return frozenset(named | {model for model, of in self.exempt_models if of == side})


registry = Registry()
R = TypeVar("R", bound=Rows)
X = TypeVar("X", bound=Erase)
F = TypeVar("F", bound=Callable[[Person], Iterable[ExportFile]])


def _labels(models: Sequence[str]) -> frozenset[str]:
    return frozenset(model.lower() for model in models)


def _put(parts: dict[str, Any], name: str, value: Any) -> None:
    if parts.setdefault(name, value) is not value:
        raise ValueError(f"two parts are called {name}")


def export_part(name: str, *, label: Text, models: Sequence[str]) -> Callable[[R], R]:
    """Decorator: `function(user)` yields the rows of one JSON file. `label` tells people what is in it.

    No secret (hash, sealed value, token) is ever a row's value. Raises ValueError for a name that is taken.
    """

    def decorator(function: R) -> R:
        _put(registry.exports, name, ExportPart(name, label, _labels(models), function))
        return function

    return decorator


def export_files(name: str) -> Callable[[F], F]:
    """Decorator: `function(user)` yields files (`ExportFile`) that go into the archive as they are."""

    def decorator(function: F) -> F:
        _put(registry.files, name, function)
        return function

    return decorator


def erase_part(name: str, *, models: Sequence[str], order: int = USUAL) -> Callable[[X], X]:
    """Decorator: `function(user)` deletes or makes anonymous the person's rows of `models`.

    It runs inside a transaction of its own (a generator function: one transaction up to each `yield`), may run again
    after a crash, or an hour later for what a late request wrote, and deletes files before the rows that name them.
    Lower `order` goes first.
    """

    def decorator(function: X) -> X:
        _put(registry.erasures, name, ErasePart(name, _labels(models), order, function))
        return function

    return decorator


def exempt(*models: str, reason: str, of: Side | None = None) -> None:
    """Say why models need no part: on one side, or (None) on both."""
    for model in models:
        for side in ("export", "erasure") if of is None else (of,):
            registry.exempt_models[model.lower(), side] = reason


def export_parts() -> list[ExportPart]:
    """All parts by name."""
    return [registry.exports[name] for name in sorted(registry.exports)]


def files_of(user: AbstractBaseUser) -> Iterator[ExportFile]:
    """All files that belong to the export of a person."""
    for name in sorted(registry.files):
        yield from registry.files[name](user)


def erase_parts() -> list[ErasePart]:
    """All parts in the order in which they have to run."""
    return sorted(registry.erasures.values(), key=lambda part: (part.order, part.name))


def rows_of(queryset: QuerySet[Any], *fields: str, chunk: int = CHUNK, **expressions: Any) -> Iterator[Row]:
    """The rows of a queryset as dicts, `chunk` at a time by primary key: no cursor stays open between two chunks.

    A cursor that is read while the same connection writes (a job's heartbeat) would hold an old snapshot on SQLite, and
    need a transaction of its own on PostgreSQL.
    """
    ordered = queryset.order_by("pk").annotate(**expressions) if expressions else queryset.order_by("pk")
    last: Any = None
    while True:
        page = ordered if last is None else ordered.filter(pk__gt=last)
        rows = list(page.values("pk", *fields, *expressions)[:chunk])
        for row in rows:
            last = row.pop("pk")
            yield row
        if len(rows) < chunk:
            return
