"""A title whose episodes have mirrors, for the tests of this folder."""

from typing import Any

from catalog.models import EpisodeSource
from providers.models import ProviderEpisode, ProviderTitle
from providers.tests.factories import ProviderEpisodeFactory

HOST = "play.example.org"


def mirror(name: str = "a", *, host: str = HOST, **more: Any) -> dict[str, Any]:
    return {"label": "720p", "url": f"https://{host}/{name}", "path": "", "kind": "embed", "quality": 720, **more}


def entry(title: ProviderTitle, number: int | None, *mirrors: dict[str, Any], **fields: Any) -> ProviderEpisode:
    """An episode of the list with these mirrors; one of its own without any."""
    said = list(mirrors) or [mirror(f"{title.slug}-{number}")]
    return ProviderEpisodeFactory.create(title=title, first=number, last=number, mirrors=said, **fields)


def playing(**only: Any) -> list[tuple[int, str, int, str, str]]:
    """(anime, kind, number, translation, address) of every source that is enabled and not dead."""
    rows = EpisodeSource.objects.filter(is_enabled=True, **only).exclude(health="dead").order_by("pk")
    fields = ("episode__anime_id", "episode__kind", "episode__number", "translation__code", "url")
    return list(rows.values_list(*fields))
