"""What a filter is: parameters read from a query string, a condition, and chips that describe it."""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

    Viewer: TypeAlias = User | AnonymousUser | None

MAX_VALUES = 50
MAX_LENGTH = 200
Text = str | Promise
Errors = dict[str, list[Text]]


@dataclass(frozen=True, slots=True)
class Chip:
    """One removable choice: `text` is shown, taking `value` out of parameter `name` undoes it. `excludes` marks a "not"."""

    name: str
    value: str
    text: str
    excludes: bool = False


class Filter(ABC):
    """One noun that anime are narrowed by. `parameters` are the names it reads; no two filters share one."""

    parameters: tuple[str, ...] = ()
    is_personal = False
    """Whether the answer depends on who asks, so that nothing of it may be shared."""

    @abstractmethod
    def parse(self, params: QueryDict, errors: Errors) -> Hashable | None:
        """The value in the query string, None when absent; what is wrong is added to `errors` (parameter → messages)."""

    @abstractmethod
    def condition(self, value: Any, viewer: "Viewer") -> Q:
        """The rows that `value` lets through."""

    def chips(self, value: Any) -> list[Chip]:
        """How to tell a person what `value` does."""
        return []

    def schema(self) -> list[dict[str, Any]]:
        """The OpenAPI parameters: name, type, description (see `catalog.api.schema`)."""
        return [{"name": name, "schema": {"type": "string"}} for name in self.parameters]


def split_values(params: QueryDict, name: str, errors: Errors) -> tuple[str, ...]:
    """`?name=a,b&name=c` as (a, b, c) without repetitions; more than 50 values or 200 characters each are refused."""
    found: dict[str, None] = {}
    for raw in params.getlist(name):
        for part in raw.split(","):
            if value := part.strip():
                found[value] = None
    if len(found) > MAX_VALUES:
        errors.setdefault(name, []).append(_("At most %(most)s values.") % {"most": MAX_VALUES})
        return ()
    if any(len(value) > MAX_LENGTH or "\x00" in value for value in found):
        errors.setdefault(name, []).append(_("This is not a value of this filter."))
        return ()
    return tuple(found)


def single_value(params: QueryDict, name: str, errors: Errors) -> str:
    """The last `?name=`, stripped; "" when absent. Over 200 characters or with a NUL it is refused."""
    value = (params.get(name) or "").strip()
    if len(value) > MAX_LENGTH or "\x00" in value:
        errors.setdefault(name, []).append(_("This is not a value of this filter."))
        return ""
    return value
