"""A small shelf of anime for the tests of pages."""

import datetime
import re

from django.http import HttpResponse

from catalog.models import Anime, AnimeStatus
from catalog.services.documents import documents_rebuild
from catalog.tests import factories


def shelf_fill(count: int, **fields: object) -> list[Anime]:
    """`count` anime on the air with a genre, a studio, an episode and ready documents."""
    genre = factories.GenreFactory(name="Adventure")
    found = []
    for _ in range(count):
        anime = factories.AnimeFactory(
            genres=[genre], status=AnimeStatus.AIRING, end_date=None, episode_count=None, **fields
        )
        factories.AnimeStudioFactory(anime=anime)
        factories.EpisodeFactory(anime=anime, number=1, aired_on=datetime.date(2024, 1, 5))
        factories.BroadcastRuleFactory(anime=anime)
        found.append(anime)
    documents_rebuild(anime_ids=[anime.pk for anime in found])
    return found


def text_of(response: HttpResponse) -> str:
    """The page's HTML."""
    return response.content.decode()


def loads_foreign(html: str) -> list[str]:
    """Addresses of other hosts that the page would make a browser load by itself; links that one clicks do not count."""
    loading = re.findall(r"<(?:img|script|link|iframe|video|audio|source|use|object)\b[^>]*>", html)
    return [tag for tag in loading if re.search(r"""(?:src|srcset|href|data)=["'](?:https?:)?//""", tag)]
