"""How somebody keeps their list."""

from typing import TYPE_CHECKING

from django.conf import settings

from accounts.facade import User
from lists.models import ListPreferences

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def preferences_of(user: "User | AnonymousUser") -> ListPreferences:
    """What the person chose, or the defaults (not stored) for who chose nothing and for strangers; at most one query."""
    if not user.is_authenticated:
        return ListPreferences()
    return ListPreferences.objects.filter(user=user).first() or ListPreferences(user=user)


def watched_percent_of(preferences: ListPreferences) -> int:
    """From which part of an episode (50–100 %) on it counts as watched: the person's choice, else the operator's."""
    return preferences.watched_percent or settings.LISTS_WATCHED_PERCENT
