"""Rows of what providers have: everybody reads it, whoever is signed in may have it read anew."""

from typing import Any

from django.utils import timezone

from catalog.tests.factories import AnimeFactory
from providers.models import Enrichment
from providers.tests.factories import ProviderFactory, ProviderTitleFactory
from tests.permissions.rows import EVERYONE, NOBODY, Row

_ASKING = "404 202 202 202 202 202 202"
_SEES_HIDDEN = "410 410 410 200 410 200 200"


def setup(world: Any) -> None:
    """A provider that is on, with the titles of a public and of a hidden anime that were read just now; one that is off."""
    now = timezone.now()
    world.provider = ProviderFactory(name="matrix-on")
    ProviderFactory(name="matrix-off", off=True)
    for slug, fields in [("listed", {}), ("hidden", {"hidden": True})]:
        anime = AnimeFactory(document=True, mal_id={"listed": 501, "hidden": 502}[slug], **fields)
        read = {"anime": anime, "match_state": "auto", "detail_at": now, "episodes_at": now, "home_rank": 0}
        ProviderTitleFactory(provider=world.provider, slug=slug, title=slug, **read)
        Enrichment.objects.create(key=f"anime:{anime.pk}", anime=anime, requested_at=now, succeeded_at=now)


def _title(slug: str, provider: str = "matrix-on") -> str:
    return f"/api/v1/providers/{provider}/anime/{slug}"


_TITLE = "api/v1/providers/<slug:name>/anime/<str:slug>"
_MAL = "api/v1/providers/anime/mal/<bigid:mal_id>"

ROWS = [
    Row("GET", "api/v1/providers", EVERYONE),
    Row("GET", "api/v1/providers/home", EVERYONE),
    Row("GET", "api/v1/providers/genres", "422 422 422 422 422 422 422"),
    Row("GET", _TITLE, EVERYONE, path=_title("listed")),
    Row("GET", _TITLE, _SEES_HIDDEN, path=_title("hidden")),
    Row("GET", _TITLE, _ASKING, path=_title("never-seen")),
    Row("GET", _TITLE, NOBODY, path=_title("listed", "nobody")),
    Row("GET", _TITLE, "409 409 409 409 409 409 409", path=_title("listed", "matrix-off")),
    Row("GET", _MAL, EVERYONE, path="/api/v1/providers/anime/mal/501"),
    Row("GET", _MAL, _SEES_HIDDEN, path="/api/v1/providers/anime/mal/502"),
    Row("GET", "on-air", EVERYONE),
]
