"""The pages of `providers/tests/fixtures/` and what is expected of them, as its README says."""

import dataclasses
import datetime
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson

from core.errors import DomainError

FOLDER = Path(__file__).parent.parent / "fixtures"
IS_UPDATING = bool(os.environ.get("UPDATE_FIXTURES"))
_ENDINGS = (".html", ".xml", ".txt", ".page.json")


@dataclass(frozen=True, slots=True)
class FixturePage:
    """One page of an adapter; `question` is a capability or "any"."""

    adapter: str
    stem: str
    path: Path

    @property
    def question(self) -> str:
        return self.stem.partition("-")[0]

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def expected_path(self) -> Path:
        return self.path.with_name(f"{self.stem}.json")

    def expected(self) -> dict[str, Any]:
        return orjson.loads(self.expected_path.read_bytes())

    def arguments(self) -> dict[str, Any]:
        found = dict(self.expected().get("arguments", {}))
        if "today" in found:
            found["today"] = datetime.date.fromisoformat(found["today"])
        return found

    def __str__(self) -> str:
        return f"{self.adapter}/{self.stem}"


def fixture_pages(adapter: str) -> list[FixturePage]:
    """The pages of an adapter's folder; none when it has no folder."""
    folder = FOLDER / adapter
    found = [
        FixturePage(adapter, path.name.removesuffix(ending), path)
        for path in (folder.iterdir() if folder.is_dir() else ())
        for ending in _ENDINGS
        if path.name.endswith(ending)
    ]
    return sorted(found, key=str)


def fixture_text(name: str) -> str:
    """The text of a page by its path below the folder, as "animasu/home.html"."""
    return (FOLDER / name).read_text(encoding="utf-8")


def parser_of(adapter: str, question: str) -> Callable[..., Any] | None:
    """`parse_<question>` of an adapter's module."""
    return getattr(import_module(f"providers.adapters.{adapter}"), f"parse_{question}", None)


def outcome_of(parse: Callable[..., Any], text: str, url: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """{"result": drafts as JSON} or {"error": its code}. Anything that is no `DomainError` passes."""
    try:
        return {"result": draft_plain(parse(text, url, **arguments))}
    except DomainError as error:
        return {"error": error.code}


def draft_plain(value: Any) -> Any:
    """Drafts as JSON, without what is as it is when nothing is said."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: draft_plain(found)
            for field in dataclasses.fields(value)
            if (found := getattr(value, field.name)) != field.default or field.default is dataclasses.MISSING
        }
    if isinstance(value, tuple | list):
        return [draft_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def drafts_within(value: Any) -> Iterator[Any]:
    """Every draft of an answer, itself and those inside it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in dataclasses.fields(value):
            yield from drafts_within(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from drafts_within(item)
