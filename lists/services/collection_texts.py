"""What may be written in a collection: every door's texts are held to this."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.errors import ValidationFailed


class Texts:
    """Cleans texts and gathers what is wrong with them: `raise_wrong` names every bad field at once."""

    def __init__(self) -> None:
        self.wrong: dict[str, list[str]] = {}

    def read(self, name: str, value: Any, limit: int, *, is_required: bool = False, is_line: bool = False) -> str:
        """`value` trimmed; line breaks stay (in a line they are spaces), other control characters are refused."""
        if not isinstance(value, str) or any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in value):
            self.wrong[name] = [_("A text.")]
            return ""
        text = " ".join(value.split()) if is_line else value.strip()
        if len(text) > limit:
            self.wrong[name] = [_("At most %(limit)s characters.") % {"limit": limit}]
        elif is_required and all(unicodedata.category(c)[0] in "CZ" for c in text):  # nothing that draws
            self.wrong[name] = [_("Say something.")]
        return text

    def choose(self, name: str, value: Any, among: list[str]) -> str:
        """`value` when it is one of `among`."""
        if value not in among:
            self.wrong[name] = [_("One of: %(names)s.") % {"names": ", ".join(among)}]
        return str(value)

    def refuse_unknown(self, changes: Mapping[str, Any], known: frozenset[str]) -> None:
        """Fields that nobody offered (threat 18)."""
        for name in changes.keys() - known:
            self.wrong[name] = [_("This field cannot be set.")]

    def raise_wrong(self) -> None:
        """Raises `ValidationFailed` when anything was wrong."""
        if self.wrong:
            raise ValidationFailed(self.wrong)


__all__ = ["Texts"]
