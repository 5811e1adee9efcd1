"""A list of 3,000 entries answers its first hundred within 150 ms of server time (printed; other tests get as much again)."""

import time

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from accounts.tests.factories import UserFactory
from catalog.models import Anime, AnimeDocument, Rating
from catalog.tests.factories import AnimeFactory
from core.planner import statistics_refresh
from lists.models import EntryStatus, EntryTag, ListEntry

COUNT = 3000
MOST_MS = 150
HTMX = {"HX-Request": "true", "HX-Target": "entries-more"}


def shelf(count: int) -> list[int]:
    """Ids of `count` anime with card documents, all like one that a factory made."""
    one = AnimeFactory(document=True)
    card = orjson.loads(AnimeDocument.objects.get(anime=one).card)
    made = Anime.objects.bulk_create(
        [
            Anime(title=f"Tale {n:04}", slug=f"tale-{n}", kind="tv", year=1990 + n % 35, episode_count=12)
            for n in range(count)
        ],
        batch_size=500,
    )
    AnimeDocument.objects.bulk_create(
        [
            AnimeDocument(
                anime=anime,
                card=orjson.dumps({**card, "id": anime.pk, "title": anime.title, "slug": anime.slug}).decode(),
                detail="{}",
                etag="x",
                version=1,
                updated_at=timezone.now(),
            )
            for anime in made
        ],
        batch_size=500,
    )
    return [anime.pk for anime in made]


@pytest.mark.slow
@pytest.mark.timed
@pytest.mark.django_db
def test_three_thousand_entries_are_drawn_in_time(client: Client) -> None:
    user = UserFactory.create(username="collector")
    ids = shelf(COUNT)
    statuses = EntryStatus.values
    ListEntry.objects.bulk_create(
        [
            ListEntry(user=user, anime_id=pk, status=statuses[n % 6], episodes_watched=n % 12)
            for n, pk in enumerate(ids)
        ],
        batch_size=500,
    )
    Rating.objects.bulk_create(
        [Rating(user=user, anime_id=pk, score=10 + n % 90) for n, pk in enumerate(ids) if n % 3], batch_size=500
    )
    entries = ListEntry.objects.values_list("pk", flat=True)
    EntryTag.objects.bulk_create(
        [EntryTag(entry_id=pk, name=f"folder {n % 7}") for n, pk in enumerate(entries) if n % 4 == 0], batch_size=500
    )
    client.force_login(user)
    # PostgreSQL may remember these tables as empty, looked at between two tests, and then joins 3,000 rows one by one
    # (600 ms); where people use it autovacuum looks again within a minute.
    statistics_refresh()
    for path, headers in (
        ("/list", {}),
        ("/list?sort=title", {}),
        ("/list?sort=-score", {}),
        ("/list?status=watching", {}),
        ("/list?q=tale+2", {}),
        ("/list?page=2", HTMX),
        ("/list?sort=-score&page=20", HTMX),
    ):
        times = []
        for _ in range(9):
            begun = time.perf_counter()
            response = client.get(path, headers=headers)
            times.append((time.perf_counter() - begun) * 1000)
            assert response.content.decode().count('class="entry"') == 100
        print(f"{path}: best {min(times):.0f} ms, median {sorted(times)[4]:.0f} ms")  # noqa: T201
        assert min(times) < 2 * MOST_MS, path  # the other workers keep the machine busy
