"""Putting episodes into the queue."""

from collections.abc import Callable

import pytest
from django.db import transaction

from accounts.models import User
from catalog.models import Anime
from core.errors import NotFound, ValidationFailed
from downloads.errors import DownloadExists, HostNotAllowed
from downloads.models import Download, DownloadState
from downloads.queue.enqueue import download_enqueue
from downloads.tests.queue.conftest import HOST
from tests.races import DONE, at_once

Queued = Callable[..., Download]


@pytest.mark.django_db
class TestEnqueue:
    def test_it_waits_with_what_was_asked_for(self, queued: Queued, admin: User) -> None:
        download = queued(1, variant_kind="dub", variant_language="de", quality=720)
        assert (download.state, download.requested_by, download.quality) == (DownloadState.QUEUED, admin, 720)
        assert download.position > 0

    def test_the_same_episode_and_variant_is_refused_while_it_lives(self, queued: Queued) -> None:
        first = queued(1, variant_kind="dub")
        with pytest.raises(DownloadExists) as refused:
            queued(1, variant_kind="dub")
        assert refused.value.extra == {"download_id": str(first.pk)}
        assert queued(1, variant_kind="sub").pk != first.pk
        Download.objects.filter(pk=first.pk).update(state=DownloadState.DONE)
        assert queued(1, variant_kind="dub").pk != first.pk

    def test_an_episode_that_the_anime_is_known_to_have_needs_no_row(self, queued: Queued) -> None:
        assert queued(12).episode_number == 12
        for wrong in (13, 0):
            with pytest.raises(NotFound):
                queued(wrong)
        with pytest.raises(NotFound):
            queued(1, episode_kind="special")

    def test_an_anime_whose_number_of_episodes_nobody_knows_may_have_any(self, queued: Queued, anime: Anime) -> None:
        Anime.objects.filter(pk=anime.pk).update(episode_count=None)
        assert queued(20, source_url=f"https://{HOST}/20.mp4").episode_number == 20
        with pytest.raises(NotFound, match="no such episode"):
            queued(99_999)

    def test_an_unknown_anime_is_not_found(self, admin: User, anime: Anime) -> None:
        with pytest.raises(NotFound):
            download_enqueue(actor=admin, anime_id=anime.pk + 10_000, number=1)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"variant_kind": "karaoke"}, "variant_kind"),
            ({"quality": 9999}, "quality"),
            ({"source_url": f"https://{HOST}/x", "source_name": "somebody"}, "source"),
            ({"source_url": f"https://{HOST}/{'x' * 2000}"}, "url"),
        ],
    )
    def test_nonsense_is_refused_and_nothing_is_queued(self, queued: Queued, given: dict, field: str) -> None:
        with pytest.raises(ValidationFailed) as refused:
            queued(1, **given)
        assert list(refused.value.extra["fields"]) == [field]
        assert not Download.objects.exists()

    def test_an_address_needs_an_allowed_host(self, queued: Queued) -> None:
        download = queued(5, source_url=f"https://{HOST}/five.mp4", source_name="kodik")
        assert (download.source_kind, download.host, download.is_source_given) == ("mp4", HOST, True)
        for url in ("https://elsewhere.example/x.m3u8", "http://127.0.0.1/x.m3u8", "file:///etc/passwd"):
            with pytest.raises(HostNotAllowed):
                queued(1, source_url=url)


@pytest.mark.django_db
def test_many_in_one_transaction_have_the_queue_looked_at_once(
    queued: Queued, django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        for number in (1, 2, 3):
            queued(number)
    assert len(callbacks) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_queued(queued: Queued) -> None:
    ends = at_once([lambda: queued(1)] * 6)
    assert ends == {DONE: 1, "download_exists": 5}
    assert Download.objects.count() == 1
