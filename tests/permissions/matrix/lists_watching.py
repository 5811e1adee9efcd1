"""Rows of watching: list preferences, scrobble addresses and what comes through them."""

from typing import Any

from django.utils import timezone

from lists.models import ScrobbleRule
from lists.scrobbling.addresses import address_of
from lists.services.scrobbles import endpoint_set
from tests.permissions.rows import EVERYONE, SIGNED_IN, SIGNED_IN_PAGE, Row

_PREFERENCES = "api/v1/users/me/list-preferences"
_FORM = "302 302 302 302 302 302 302"
_SERVERS = "settings/scrobbling"
_OWN = "302 302 404 404 404 404 404"  # an address is its person's alone


_PLAYS = "api/v1/users/me/scrobble-plays"
_RULES = "api/v1/users/me/scrobble-rules"
_ONLY_OWN = "401 200 404 404 404 404 404"
_OWN_PAGE = "302 200 404 404 404 404 404"


def setup(world: Any) -> None:
    """The owner has an address for Plex, a play that waits there for a word, and a rule."""
    world.scrobble_endpoint = endpoint_set(user=world.owner, server="plex")
    world.scrobble_play = world.scrobble_endpoint.plays.create(
        season_key="1" * 32, episode_key="2" * 32, title="Nobody Knows", season=1, number=1, played_at=timezone.now()
    )
    world.scrobble_rule = ScrobbleRule.objects.create(
        user=world.owner, server="plex", key="3" * 32, title="Known", season=1, number=1, anime=world.anime
    )


def _play(act: str) -> Any:
    return lambda w: f"/{_PLAYS}/{w.scrobble_play.pk}/{act}"


def _scrobble_page(noun: str) -> Any:
    return lambda w: f"/{_SERVERS}/{noun}s/{getattr(w, f'scrobble_{noun}').pk}"


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
    Row("GET", _PLAYS, SIGNED_IN),
    Row(
        "POST",
        f"{_PLAYS}/<uuid:id>/assign",
        _ONLY_OWN,
        path=_play("assign"),
        body=lambda w: {"anime_id": w.anime.pk, "episode_num": 1},
    ),
    Row("POST", f"{_PLAYS}/<uuid:id>/ignore", _ONLY_OWN, path=_play("ignore"), body=lambda w: {}),
    Row("GET", _RULES, SIGNED_IN),
    Row(
        "PATCH",
        f"{_RULES}/<uuid:id>",
        _ONLY_OWN,
        path=lambda w: f"/{_RULES}/{w.scrobble_rule.pk}",
        body=lambda w: {"is_ignored": True},
    ),
    Row(
        "DELETE",
        f"{_RULES}/<uuid:id>",
        "401 204 404 404 404 404 404",
        path=lambda w: f"/{_RULES}/{w.scrobble_rule.pk}",
    ),
    Row("GET", f"{_SERVERS}/plays", SIGNED_IN_PAGE),
    Row("GET", f"{_SERVERS}/rules", SIGNED_IN_PAGE),
    Row("GET", f"{_SERVERS}/plays/<uuid:id>", _OWN_PAGE, path=_scrobble_page("play")),
    Row("POST", f"{_SERVERS}/plays/<uuid:id>", _OWN, path=_scrobble_page("play"), body=lambda w: {"action": "ignore"}),
    Row("GET", f"{_SERVERS}/rules/<uuid:id>", _OWN_PAGE, path=_scrobble_page("rule")),
    Row("POST", f"{_SERVERS}/rules/<uuid:id>", _OWN, path=_scrobble_page("rule"), body=lambda w: {"action": "delete"}),
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
