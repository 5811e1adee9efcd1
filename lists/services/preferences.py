"""How somebody keeps their list, changed."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.facade import User, Visibility
from core.errors import ValidationFailed
from lists.models import ListPreferences, ScoreFormat
from lists.models.preferences import WATCHED_PERCENT_LEAST, WATCHED_PERCENT_MOST

FIELDS = ("score_format", "watched_percent", "tracks_watching", "list_visibility")


def preferences_set(*, user: User, **fields: Any) -> ListPreferences:
    """Change `FIELDS`; what is left out stays. `watched_percent` is 50–100, or None for what the operator set.

    Raises `ValidationFailed` naming every bad field; then nothing is changed.
    """
    wrong = {name: [message] for name, value in fields.items() if (message := _refusal(name, value))}
    if wrong:
        raise ValidationFailed(wrong)
    with transaction.atomic():
        ListPreferences.objects.bulk_create([ListPreferences(user=user)], ignore_conflicts=True)
        preferences = ListPreferences.objects.select_for_update().get(user=user)
        for name, value in fields.items():
            setattr(preferences, name, value)
        if fields:
            preferences.save(update_fields=list(fields))
    return preferences


def _refusal(name: str, value: Any) -> str:
    """Why the value is not right, "" when it is."""
    match name:
        case "score_format":
            is_right = value in ScoreFormat.values
            message = _("One of: %(names)s.") % {"names": ", ".join(ScoreFormat.values)}
        case "list_visibility":
            is_right = value in Visibility.values
            message = _("One of: %(names)s.") % {"names": ", ".join(Visibility.values)}
        case "tracks_watching":
            is_right, message = isinstance(value, bool), _("Yes or no.")
        case "watched_percent":
            is_whole = isinstance(value, int) and not isinstance(value, bool)
            is_right = value is None or (is_whole and WATCHED_PERCENT_LEAST <= value <= WATCHED_PERCENT_MOST)
            bounds = {"least": WATCHED_PERCENT_LEAST, "most": WATCHED_PERCENT_MOST}
            message = _("A whole number from %(least)s to %(most)s, or nothing.") % bounds
        case _:
            is_right, message = False, _("This field cannot be set.")
    return "" if is_right else message
