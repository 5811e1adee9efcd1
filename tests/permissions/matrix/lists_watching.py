"""Rows of watching: list preferences, scrobble addresses and what comes through them."""

from typing import Any

from lists.scrobbling.addresses import address_of
from lists.services.scrobbles import endpoint_set
from tests.permissions.rows import EVERYONE, SIGNED_IN, SIGNED_IN_PAGE, Row

_PREFERENCES = "api/v1/users/me/list-preferences"
_FORM = "302 302 302 302 302 302 302"
_SERVERS = "settings/scrobbling"
_OWN = "302 302 404 404 404 404 404"  # an address is its person's alone


def setup(world: Any) -> None:
    """The owner has an address for Plex."""
    world.scrobble_endpoint = endpoint_set(user=world.owner, server="plex")


ROWS = [
    Row("GET", _PREFERENCES, SIGNED_IN),
    Row("PATCH", _PREFERENCES, SIGNED_IN, body=lambda w: {"score_format": "point_5"}),
    Row("GET", "settings/list", SIGNED_IN_PAGE),
    Row(
        "POST",
        "settings/list",
        _FORM,
        body=lambda w: {"score_format": "point_5", "list_visibility": "friends", "watched_percent": "90"},
    ),
    # Whoever holds the address may post; who is signed in beside it makes no difference.
    Row(
        "POST",
        "api/v1/webhooks/<str:server>/<str:token>",
        EVERYONE,
        path=lambda w: address_of(w.scrobble_endpoint),
        body=lambda w: {"event": "media.pause", "Metadata": {"type": "episode"}},
    ),
    Row("GET", _SERVERS, SIGNED_IN_PAGE),
    Row("POST", _SERVERS, _FORM, body=lambda w: {"server": "emby"}),
    *(
        row
        for act in ("renew", "remove")
        for row in (
            Row(
                "GET",
                f"{_SERVERS}/<uuid:id>/{act}",
                _FORM,
                path=lambda w, act=act: f"/{_SERVERS}/{w.scrobble_endpoint.pk}/{act}",
            ),
            Row(
                "POST",
                f"{_SERVERS}/<uuid:id>/{act}",
                _OWN,
                path=lambda w, act=act: f"/{_SERVERS}/{w.scrobble_endpoint.pk}/{act}",
            ),
        )
    ),
]
