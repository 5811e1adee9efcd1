"""How somebody keeps their list."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.facade import User
from core.kept_queries import KeptQuery
from lists.models import ListPreferences

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


_KEPT = KeptQuery(lambda user_id: ListPreferences.objects.filter(user=user_id), user_id=uuid.UUID)


def preferences_of(user: "User | AnonymousUser") -> ListPreferences:
    """What the person chose, or the defaults (not stored) for who chose nothing and for strangers; at most one query."""
    if not user.is_authenticated:
        return ListPreferences()
    return _KEPT.first(user_id=user.pk) or ListPreferences(user=user)


def watched_percent_of(preferences: ListPreferences) -> int:
    """From which part of an episode (50–100 %) on it counts as watched: the person's choice, else the operator's."""
    return preferences.watched_percent or settings.LISTS_WATCHED_PERCENT
