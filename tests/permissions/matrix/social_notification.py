"""Rows of notifications: everybody has their own alone, on the page and over the API."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from social.models import Notification
from social.services.digests import unsubscribe_token
from tests.permissions.rows import EVERYONE, SIGNED_IN, SIGNED_IN_PAGE, Row

_FORM = "302 302 302 302 302 302 302"  # signed out: to the sign-in; signed in: back to the page
_OWN_LINK = "302 302 404 404 404 404 404"  # staff neither: they have their own
_OWN_PIECE = "302 200 404 404 404 404 404"
_ONE = "notifications/<uuid:notification_id>"


def setup(world: Any) -> None:
    """`told`: the owner's one notification."""
    now = timezone.now()
    world.told = Notification.objects.create(
        user=world.owner,
        kind="reply",
        group="matrix",
        context={"about": "x"},
        url="/collections",
        created_at=now,
        updated_at=now,
    )


def _of(rest: str = "") -> Callable[[Any], str]:
    return lambda world: f"/notifications/{world.told.pk}{rest}"


def _all(_world: Any) -> dict[str, Any]:
    return {"all": True}


ROWS = [
    Row("GET", "api/v1/notifications", SIGNED_IN),
    Row("GET", "api/v1/notifications/unread-count", SIGNED_IN),
    Row("POST", "api/v1/notifications/mark-read", SIGNED_IN, body=_all),
    Row("POST", "api/v1/notifications/mark-read", SIGNED_IN, body=lambda w: {"ids": [str(w.told.pk)]}, query="?ids"),
    Row("POST", "api/v1/notifications/delete", SIGNED_IN, body=_all),
    Row("POST", "api/v1/notifications/delete", SIGNED_IN, body=lambda w: {"ids": [str(w.told.pk)]}, query="?ids"),
    Row("GET", "notifications", SIGNED_IN_PAGE),
    Row("GET", "notifications/panel", SIGNED_IN_PAGE),
    Row("GET", "notifications/read", _FORM),
    Row("POST", "notifications/read", _FORM),
    Row("GET", "notifications/delete", _FORM),
    Row("POST", "notifications/delete", _FORM),
    Row("GET", _ONE, _OWN_LINK, path=_of()),
    Row("GET", f"{_ONE}/line", _OWN_PIECE, path=_of("/line")),
    Row("GET", f"{_ONE}/delete", _FORM, path=_of("/delete")),
    Row("POST", f"{_ONE}/delete", _FORM, path=_of("/delete")),
    Row("GET", f"{_ONE}/restore", _FORM, path=_of("/restore")),
    Row("POST", f"{_ONE}/restore", _FORM, path=_of("/restore")),
    Row(
        "GET",
        "notifications/unsubscribe/<str:token>",
        EVERYONE,
        path=lambda w: f"/notifications/unsubscribe/{unsubscribe_token(w.owner.pk)}",
    ),
    Row(
        "POST",
        "notifications/unsubscribe/<str:token>",
        EVERYONE,
        path=lambda w: f"/notifications/unsubscribe/{unsubscribe_token(w.owner.pk)}",
    ),
    Row("GET", "settings/notifications/digest", _FORM),
    Row("POST", "settings/notifications/digest", _FORM, body=lambda _: {"frequency": "weekly"}),
    Row("GET", "settings/notifications/episodes", _FORM),
    Row("POST", "settings/notifications/episodes", _FORM, body=lambda _: {"which": "any"}),
    Row("GET", "anime/<bigid:anime_id>/notices", SIGNED_IN_PAGE, path=lambda w: f"/anime/{w.anime.pk}/notices"),
    Row(
        "POST",
        "anime/<bigid:anime_id>/notices",
        _FORM,
        path=lambda w: f"/anime/{w.anime.pk}/notices",
        body=lambda _: {"which": "nothing"},
    ),
]
