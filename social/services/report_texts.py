"""What may be written in a report, a note and an outcome: anything but what cannot be stored, kept to the letter."""

from typing import Any

from django.utils.translation import gettext as _

from core.errors import ValidationFailed


def text_checked(name: str, value: Any, limit: int, *, is_required: bool = False) -> str:
    """`value` as it was written. Raises `ValidationFailed` for NUL, lone surrogates, more than `limit` characters and, if it
    `is_required`, for nothing but blanks.
    """
    if not isinstance(value, str) or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise ValidationFailed({name: [_("A text.")]})
    if len(value) > limit:
        raise ValidationFailed({name: [_("At most %(limit)s characters.") % {"limit": limit}]})
    if is_required and not value.strip():
        raise ValidationFailed({name: [_("Say something.")]})
    return value
