"""Changing how somebody keeps their list."""

import pytest

from catalog.tests.factories import UserFactory
from core.errors import ValidationFailed
from lists.models import ListPreferences
from lists.selectors.preferences import preferences_of, watched_percent_of
from lists.services.preferences import preferences_set


@pytest.mark.django_db
def test_what_is_said_changes_and_the_rest_stays(settings) -> None:
    settings.LISTS_WATCHED_PERCENT = 85
    user = UserFactory()
    assert watched_percent_of(preferences_of(user)) == 85
    preferences_set(user=user, score_format="point_5", watched_percent=95)
    preferences_set(user=user, tracks_watching=False)
    found = preferences_of(user)
    assert (found.score_format, watched_percent_of(found), found.tracks_watching) == ("point_5", 95, False)
    preferences_set(user=user, watched_percent=None, list_visibility="nobody")
    assert watched_percent_of(preferences_of(user)) == 85
    assert preferences_of(UserFactory()).list_visibility == "everyone"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("score_format", "point_7"),
        ("watched_percent", 49),
        ("watched_percent", 101),
        ("watched_percent", True),
        ("watched_percent", "90"),
        ("tracks_watching", 1),
        ("list_visibility", "some"),
        ("calendar_revision", "x"),
    ],
)
def test_what_is_not_right_is_named_and_changes_nothing(field: str, value: object) -> None:
    user = UserFactory()
    with pytest.raises(ValidationFailed) as refused:
        preferences_set(user=user, **{"score_format": "point_5", field: value})
    assert set(refused.value.extra["fields"]) == {field}
    assert not ListPreferences.objects.exists()
