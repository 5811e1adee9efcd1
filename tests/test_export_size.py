"""A copy of much data takes no more memory than one of little."""

import tracemalloc

import pytest
from django.utils import timezone

from accounts.models import DataExport, User
from accounts.services.export_files import export_json
from accounts.services.exports import export_request, exports_delete
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from core.jobs.services import job_run
from lists.models import ListEntry, WatchProgress

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ENTRIES, EPISODES = 5_000, 4
MEGABYTE = 1024**2


def watcher(entries: int) -> User:
    """Somebody with as many list entries and four times as many places in episodes."""
    user = UserFactory.create()
    anime = Anime.objects.bulk_create((Anime(title=f"Title {n} 進撃") for n in range(entries)), batch_size=1000)
    now = timezone.now()
    ListEntry.objects.bulk_create((ListEntry(user=user, anime=row) for row in anime), batch_size=1000)
    WatchProgress.objects.bulk_create(
        (
            WatchProgress(user=user, anime=row, episode_number=n, position=1, duration=2, updated_at=now)
            for row in anime
            for n in range(EPISODES)
        ),
        batch_size=1000,
    )
    return user


def peak_of(user: User) -> tuple[int, int]:
    """Most bytes of Python's memory while the ZIP is made, and while the JSON is streamed."""
    export = export_request(user=user)
    tracemalloc.start()
    job_run(job_id=export.job_id)
    made = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    sum(len(piece) for piece in export_json(user=user))
    streamed = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    export.refresh_from_db()
    assert export.finished_at
    return made, streamed


def test_memory_does_not_grow_with_the_rows() -> None:
    few, many = watcher(20), watcher(ENTRIES)
    peak_of(few)  # what is loaded on first use counts for nobody
    small, large = peak_of(few), peak_of(many)
    assert ListEntry.objects.filter(user=many).count() == ENTRIES
    assert WatchProgress.objects.filter(user=many).count() == ENTRIES * EPISODES
    assert max(large) < 12 * MEGABYTE
    assert all(much - little < 4 * MEGABYTE for little, much in zip(small, large, strict=True)), (small, large)
    exports_delete(exports=DataExport.objects.all())
