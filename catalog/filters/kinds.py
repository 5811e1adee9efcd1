"""The kinds of filters: choices, ranges, labels, flags, initial letters, ids."""

import datetime
import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalog.filters.base import Chip, Errors, Filter, Text, single_value, split_values
from catalog.selectors.labels import Label, labels_by_slug


def refuse(errors: Errors, name: str, message: Text) -> None:
    """Note that parameter `name` is wrong."""
    errors.setdefault(name, []).append(message)


class Choice(Filter):
    """`?name=a,b` (any of) and `?name_not=c` (none of) over a field with a closed set of values."""

    def __init__(self, name: str, field: str, choices: Iterable[tuple[str, Text]], label: Text) -> None:
        self.name, self.field, self.label = name, field, label
        self.choices = dict(choices)
        self.parameters = (name, f"{name}_not")

    def parse(self, params: QueryDict, errors: Errors) -> Hashable | None:
        value = tuple(split_values(params, name, errors) for name in self.parameters)
        for name, chosen in zip(self.parameters, value, strict=True):
            unknown = [item for item in chosen if item not in self.choices]
            if unknown:
                known = ", ".join(key for key in self.choices if key)
                refuse(errors, name, _("“%(value)s” is not one of: %(known)s.") % {"value": unknown[0], "known": known})
        return value if any(value) else None

    def condition(self, value: tuple[tuple[str, ...], tuple[str, ...]], viewer: Any) -> Q:
        wanted, unwanted = value
        found = Q(**{f"{self.field}__in": wanted}) if wanted else Q()
        return found & ~Q(**{f"{self.field}__in": unwanted}) if unwanted else found

    def chips(self, value: tuple[tuple[str, ...], tuple[str, ...]]) -> list[Chip]:
        return [
            Chip(name, item, str(self.choices[item]), excludes=name.endswith("_not"))
            for name, chosen in zip(self.parameters, value, strict=True)
            for item in chosen
        ]

    def schema(self) -> list[dict[str, Any]]:
        known = [key for key in self.choices if key]
        words = ("Any of these, comma-separated.", "None of these, comma-separated.")
        return [
            {
                "name": name,
                "schema": {"type": "array", "items": {"type": "string", "enum": known}},
                "description": text,
                "explode": False,
                "style": "form",
            }
            for name, text in zip(self.parameters, words, strict=True)
        ]


def _whole(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", raw):
        raise ValueError
    return int(raw)


def _decimal(raw: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", raw):
        raise ValueError
    return float(raw)


def _date(raw: str) -> datetime.date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        raise ValueError
    return datetime.date.fromisoformat(raw)


@dataclass(frozen=True, slots=True)
class Measure:
    """How the ends of a range are written: a reader that raises ValueError, the bounds, the OpenAPI schema, words."""

    read: Callable[[str], Any]
    lowest: Any
    highest: Any
    schema: dict[str, Any]
    words: Text


def whole(lowest: int, highest: int) -> Measure:
    """Whole numbers."""
    text = _("A whole number from %(low)s to %(high)s.") % {"low": lowest, "high": highest}
    return Measure(_whole, lowest, highest, {"type": "integer", "minimum": lowest, "maximum": highest}, text)


def decimal(lowest: float, highest: float) -> Measure:
    """Decimal numbers."""
    text = _("A number from %(low)s to %(high)s.") % {"low": lowest, "high": highest}
    return Measure(_decimal, lowest, highest, {"type": "number", "minimum": lowest, "maximum": highest}, text)


DATE = Measure(
    _date, datetime.date.min, datetime.date.max, {"type": "string", "format": "date"}, _("A date like 2024-04-05.")
)


class Range(Filter):
    """`?name=`, `?name_min=`, `?name_max=`, the ends included; rows without a value are never in a range."""

    def __init__(self, name: str, field: str, measure: Measure, label: Text) -> None:
        self.name, self.field, self.measure, self.label = name, field, measure, label
        self.parameters = (name, f"{name}_min", f"{name}_max")

    def parse(self, params: QueryDict, errors: Errors) -> Hashable | None:
        value = tuple(self._read(params, name, errors) for name in self.parameters)
        if value[1] is not None and value[2] is not None and value[1] > value[2]:
            refuse(errors, self.parameters[1], _("The lower end lies above the upper end."))
        return value if any(end is not None for end in value) else None

    def _read(self, params: QueryDict, name: str, errors: Errors) -> Any:
        raw = single_value(params, name, errors)
        if not raw:
            return None
        try:
            found = self.measure.read(raw)
        except ValueError:
            found = None
        if found is None or not self.measure.lowest <= found <= self.measure.highest:
            refuse(errors, name, self.measure.words)
        return found

    def condition(self, value: tuple[Any, Any, Any], viewer: Any) -> Q:
        found = Q()
        for end, lookup in zip(value, ("exact", "gte", "lte"), strict=True):
            if end is not None:
                found &= Q(**{f"{self.field}__{lookup}": end})
        return found

    def chips(self, value: tuple[Any, Any, Any]) -> list[Chip]:
        signs = ("", "≥ ", "≤ ")
        return [
            Chip(
                name,
                str(end),
                f"{self.label}: {sign}{end:g}" if isinstance(end, float) else f"{self.label}: {sign}{end}",
            )
            for name, end, sign in zip(self.parameters, value, signs, strict=True)
            if end is not None
        ]

    def schema(self) -> list[dict[str, Any]]:
        return [{"name": name, "schema": self.measure.schema} for name in self.parameters]


LabelValue = tuple[tuple[Label, ...], tuple[Label, ...], tuple[Label, ...], int]


class Labels(Filter):
    """`?genre=a,b` (any of), `?genre_all=a,b` (all of), `?genre_not=c` (none of), by slug.

    `rank_parameter` names the least fit (0–100) that a tag counts with.
    """

    def __init__(self, name: str, through: type[Model], *, rank_parameter: str = "", **fixed: Any) -> None:
        self.name, self.through, self.rank_parameter, self.fixed = name, through, rank_parameter, fixed
        self.modes = (name, f"{name}_all", f"{name}_not")
        self.parameters = (*self.modes, rank_parameter) if rank_parameter else self.modes

    def parse(self, params: QueryDict, errors: Errors) -> Hashable | None:
        rank = 0
        if self.rank_parameter and (raw := single_value(params, self.rank_parameter, errors)):
            if raw.isascii() and raw.isdigit() and int(raw) <= 100:
                rank = int(raw)
            else:
                refuse(errors, self.rank_parameter, _("A whole number from 0 to 100."))
        chosen = tuple(self._labels(params, mode, errors) for mode in self.modes)
        return (*chosen, rank) if any(chosen) else None

    def _labels(self, params: QueryDict, mode: str, errors: Errors) -> tuple[Label, ...]:
        slugs = split_values(params, mode, errors)
        if not slugs:
            return ()
        known = labels_by_slug(self.name)
        unknown = [slug for slug in slugs if slug not in known]
        if unknown:
            refuse(errors, mode, _("“%(value)s” is not known.") % {"value": unknown[0]})
            return ()
        return tuple(known[slug] for slug in slugs)

    def _has(self, labels: tuple[Label, ...], rank: int) -> Exists:
        rows = self.through._default_manager.filter(
            **self.fixed, anime_id=OuterRef("pk"), **{f"{self.name}_id__in": [label.id for label in labels]}
        )
        return Exists(rows.filter(rank__gte=rank) if rank else rows)

    def condition(self, value: LabelValue, viewer: Any) -> Q:
        some, every, none, rank = value
        found = Q(self._has(some, rank)) if some else Q()
        for label in every:
            found &= Q(self._has((label,), rank))
        return found & ~Q(self._has(none, rank)) if none else found

    def chips(self, value: LabelValue) -> list[Chip]:
        return [
            Chip(mode, label.slug, label.name, excludes=mode.endswith("_not"))
            for mode, labels in zip(self.modes, value[:3], strict=True)
            for label in labels
        ]

    def schema(self) -> list[dict[str, Any]]:
        words = ("Any of these slugs.", "All of these slugs.", "None of these slugs.")
        found: list[dict[str, Any]] = [
            {
                "name": mode,
                "schema": {"type": "array", "items": {"type": "string"}},
                "description": text,
                "explode": False,
                "style": "form",
            }
            for mode, text in zip(self.modes, words, strict=True)
        ]
        if self.rank_parameter:
            found.append(
                {
                    "name": self.rank_parameter,
                    "schema": {"type": "integer", "minimum": 0, "maximum": 100},
                    "description": "Tags that fit less (0–100) do not count.",
                }
            )
        return found


class Flag(Filter):
    """`?name=true` or `?name=false` over a condition."""

    def __init__(self, name: str, condition: Callable[[], Q], label: Text, negative: Text) -> None:
        self.name, self._condition, self.label, self.negative = name, condition, label, negative
        self.parameters = (name,)

    def parse(self, params: QueryDict, errors: Errors) -> Hashable | None:
        raw = single_value(params, self.name, errors).lower()
        if raw in ("", "true", "1", "false", "0"):
            return raw in ("true", "1") if raw else None
        refuse(errors, self.name, _("“true” or “false”."))
        return None

    def condition(self, value: bool, viewer: Any) -> Q:
        return self._condition() if value else ~self._condition()

    def chips(self, value: bool) -> list[Chip]:
        return [Chip(self.name, str(value).lower(), str(self.label if value else self.negative))]

    def schema(self) -> list[dict[str, Any]]:
        return [{"name": self.name, "schema": {"type": "boolean"}}]


class Words(Filter):
    """`?name=a,b`: values that match `pattern`, turned into a condition by `build`; any of them is enough."""

    def __init__(
        self, name: str, pattern: str, build: Callable[[str], Q], label: Text, *, words: Text, description: str
    ) -> None:
        self.name, self.pattern, self.build = name, re.compile(pattern), build
        self.label, self.words, self.description = label, words, description
        self.parameters = (name,)

    def parse(self, params: QueryDict, errors: Errors) -> Hashable | None:
        found = split_values(params, self.name, errors)
        if any(not self.pattern.fullmatch(value) for value in found):
            refuse(errors, self.name, self.words)
        return found or None

    def condition(self, value: tuple[str, ...], viewer: Any) -> Q:
        found = Q()
        for item in value:
            found |= self.build(item)
        return found

    def chips(self, value: tuple[str, ...]) -> list[Chip]:
        return [Chip(self.name, item, f"{self.label}: {item}") for item in value]

    def schema(self) -> list[dict[str, Any]]:
        return [
            {
                "name": self.name,
                "schema": {"type": "array", "items": {"type": "string"}},
                "description": self.description,
                "explode": False,
                "style": "form",
            }
        ]
