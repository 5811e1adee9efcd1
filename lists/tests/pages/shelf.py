"""Lists of some length for the tests of pages."""

from catalog.services.documents import documents_rebuild
from catalog.tests.factories import AnimeFactory
from lists.models import EntryStatus, EntryTag, ListEntry


def list_fill(user, count: int, *, status: str = EntryStatus.WATCHING, tag: str = "", **fields) -> list[int]:
    """`count` entries of new anime with 12 episodes; gives the anime's ids."""
    ids = []
    for number in range(count):
        anime = AnimeFactory.create(title=f"Tale {user.username} {number:03}")
        entry = ListEntry.objects.create(user=user, anime=anime, status=status, episodes_watched=3, **fields)
        if tag:
            EntryTag.objects.create(entry=entry, name=tag)
        ids.append(anime.pk)
    documents_rebuild(anime_ids=ids)
    return ids


def page_of(response) -> str:
    return response.content.decode()
