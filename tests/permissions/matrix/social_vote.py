"""Rows of votes on anime."""

from tests.permissions.rows import EVERYONE, SIGNED_IN, Row

_ANIME = "api/v1/anime/<bigid:id>"
_FORM = "302 302 302 302 302 302 302"  # signed out: to the sign-in; signed in: back to the page

ROWS = [
    Row("GET", f"{_ANIME}/votes", EVERYONE, path=lambda w: f"/api/v1/anime/{w.anime.pk}/votes"),
    Row(
        "POST",
        f"{_ANIME}/vote",
        SIGNED_IN,
        path=lambda w: f"/api/v1/anime/{w.anime.pk}/vote",
        body=lambda w: {"value": 1},
    ),
    Row("DELETE", f"{_ANIME}/vote", SIGNED_IN, path=lambda w: f"/api/v1/anime/{w.anime.pk}/vote"),
    Row(
        "POST",
        "anime/<int:anime_id>/vote",
        _FORM,
        path=lambda w: f"/anime/{w.anime.pk}/vote",
        body=lambda w: {"value": "1"},
    ),
    Row("GET", "anime/<int:anime_id>/vote", _FORM, path=lambda w: f"/anime/{w.anime.pk}/vote"),
]
