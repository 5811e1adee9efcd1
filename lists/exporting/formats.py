"""What a list can be written as, and what each format leaves out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.facade import User
from lists.exporting import hiroba
from lists.services.states import FIELDS


@dataclass(frozen=True, slots=True)
class ListFormat:
    """`site` is whose ids it needs (None: ours). `said` are the fields of `EntryState` that it can express, `score_step` the
    steps its scores have on our 0–100.
    """

    code: str
    label: str | Promise
    extension: str
    media_type: str
    write: Callable[[User], Iterator[bytes]]
    site: str | None
    said: frozenset[str]
    score_step: int = 1
    note: str | Promise = ""

    @property
    def unsaid(self) -> tuple[str, ...]:
        """The fields that are lost in it."""
        return tuple(name for name in FIELDS if name not in self.said)


FORMATS: dict[str, ListFormat] = {
    found.code: found
    for found in (
        ListFormat(
            "hiroba",
            _("Hiroba (JSON)"),
            "json",
            "application/json",
            hiroba.write,
            site=None,
            said=frozenset(FIELDS),
            note=_("Everything: the format for a copy, and for another Hiroba."),
        ),
    )
}
