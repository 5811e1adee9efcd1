"""Files that are refused as a whole: nothing of them is stored."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from lists.importing.file_reasons import file_reason_words


class ListFileRefused(DomainError):
    """`reason` is a key of `file_reasons.FILE_REASONS` ("": the title says it all), `facts` what its words tell of it:
    numbers, short texts of the file, or a further reason. `detail` is in the language that is active now.
    """

    def __init__(self, reason: str = "", **facts: Any) -> None:
        self.reason = reason
        self.facts: dict[str, Any] = _storable(facts)
        super().__init__(file_reason_words(reason, self.facts))


def _storable(fact: Any) -> Any:
    """Without NUL, which hostile files have in their names and no database takes."""
    if isinstance(fact, dict):
        return {name: _storable(value) for name, value in fact.items()}
    return fact.replace("\x00", "") if isinstance(fact, str) else fact


class ListFileUnreadable(ListFileRefused):
    """It is in no format that is known here, or broken; `detail` says what is wrong."""

    code = "list_file_unreadable"
    status = 422
    title = _("This file is no list that can be read")


class ListFileTooLarge(ListFileRefused):
    """More bytes or more lines than are taken, packed or unpacked."""

    code = "list_file_too_large"
    status = 413
    title = _("This list is too large")


class ListFileUnsafe(ListFileRefused):
    """XML with entities, or an archive that unpacks to far more than it is."""

    code = "list_file_unsafe"
    status = 422
    title = _("This file is built to do harm")
