"""Rows of statistics, the year in review and the calendar."""

from typing import Any

from lists.services.calendars import calendar_key
from tests.permissions.rows import EVERYONE, NOBODY, SIGNED_IN, SIGNED_IN_PAGE, Row

OWNER_AND_STAFF = "404 200 404 404 200 200 200"
"""A year tells of activity, which the owner shows to friends only; moderators and up see it."""


def setup(world: Any) -> None:
    """The owner's calendar has an address."""
    world.calendar_key = calendar_key(user=world.owner)


ROWS = [
    Row("GET", "api/v1/anime-list/statistics", SIGNED_IN),
    Row(
        "GET",
        "api/v1/users/<str:username>/anime-list/statistics",
        EVERYONE,
        path=lambda w: f"/api/v1/users/{w.owner.username}/anime-list/statistics",
    ),
    Row(
        "GET",
        "api/v1/users/<str:username>/anime-list/years/<int:year>",
        OWNER_AND_STAFF,
        path=lambda w: f"/api/v1/users/{w.owner.username}/anime-list/years/2025",
    ),
    Row("GET", "api/v1/users/me/calendar", SIGNED_IN),
    Row("POST", "api/v1/users/me/calendar/revoke", SIGNED_IN),
    Row("GET", "users/<str:username>/statistics", EVERYONE, path=lambda w: f"/users/{w.owner.username}/statistics"),
    Row(
        "GET",
        "users/<str:username>/year/<int:year>",
        OWNER_AND_STAFF,
        path=lambda w: f"/users/{w.owner.username}/year/2025",
    ),
    Row("GET", "list/calendar", SIGNED_IN_PAGE),
    Row("POST", "list/calendar", "302 302 302 302 302 302 302"),
    Row("GET", "calendar/<str:key>.ics", EVERYONE, path=lambda w: f"/calendar/{w.calendar_key}.ics"),
    Row("GET", "calendar/<str:key>.rss", EVERYONE, path=lambda w: f"/calendar/{w.calendar_key}.rss"),
    Row("GET", "calendar/<str:key>.ics", NOBODY, path=lambda w: f"/calendar/{w.calendar_key[:-2]}AA.ics"),
]
