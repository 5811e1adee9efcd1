"""New episodes: noticed once, a baseline that tells nobody, each wish fulfilled once, in chunks that survive a crash."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime, Episode, EpisodeSource
from catalog.tests import factories as make
from core.jobs.services import job_run
from core.models import Job, JobState
from lists.facade import entry_set
from social.models import EpisodeRelease, EpisodeWish, Notification, ReleaseScan
from social.services import episode_releases
from social.services.episode_releases import KIND, releases_scan, releases_tell
from social.services.episode_wishes import ANYTHING, Wish, episode_wishes_set, releases_wanted
from social.tasks import episodes_notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hosts(settings: LazySettings) -> None:
    settings.PLAYER_HOSTS = ["media.example.org"]


@pytest.fixture
def anime() -> Anime:
    """An anime after the baseline."""
    releases_scan()
    return make.AnimeFactory.create(title="Hoshi no Niwa")


def plays(anime: Anime, number: int, kind: str = "sub", language: str = "en", **more: Any) -> EpisodeSource:
    episode = Episode.objects.filter(anime=anime, kind="regular", number=number).first() or make.EpisodeFactory.create(
        anime=anime, number=number
    )
    translation = make.TranslationFactory.create(kind=kind, language=language) if kind else None
    return make.EpisodeSourceFactory.create(episode=episode, translation=translation, **more)


def watcher(anime: Anime, watched: int = 0, *, status: str = "watching", **more: Any) -> User:
    person = UserFactory.create()
    entry_set(user=person, anime_id=anime.pk, status=status, episodes_watched=watched, **more)
    return person


def tell() -> None:
    episodes_notice()
    for job in Job.objects.filter(kind=KIND, state=JobState.QUEUED):
        done = job_run(job_id=job.pk)
        assert done is not None
        assert done.state == JobState.DONE


def told(person: User) -> list[tuple[list[int], list[list[str]]]]:
    rows = Notification.objects.filter(user=person, kind="new_episode").order_by("created_at", "id")
    return [(row.context["episodes"], row.context["variants"]) for row in rows]


def test_the_first_look_at_a_library_tells_nobody() -> None:
    anime = make.AnimeFactory.create()
    person = watcher(anime)
    plays(anime, 1)
    tell()
    assert EpisodeRelease.objects.get().told_at is not None
    assert told(person) == []
    assert ReleaseScan.objects.get().full_at is not None
    plays(anime, 2)
    tell()
    assert told(person) == [([2], [["sub", "en"]])]


def test_who_watches_is_told_of_what_lies_ahead_once(anime: Anime) -> None:
    ahead, behind, rewatching = watcher(anime, 2), watcher(anime, 3), watcher(anime, 0, status="rewatching")
    private = watcher(anime, 2, is_private=True)
    others = [watcher(anime, 0, status=status) for status in ("planned", "completed", "on_hold", "dropped")]
    leaving = watcher(anime, 2)
    User.objects.filter(pk=leaving.pk).update(deletion_due_at=timezone.now() + timedelta(days=7))
    plays(anime, 3)
    tell()
    for person in (ahead, rewatching, private):
        assert told(person) == [([3], [["sub", "en"]])]
    assert [told(person) for person in (behind, *others, leaving)] == [[]] * 6
    row = Notification.objects.get(user=ahead)
    assert (row.url, row.anime_id, row.by_digest) == (f"/watch/{anime.pk}/3", anime.pk, True)
    plays(anime, 3)
    tell()
    assert Notification.objects.count() == 3


def test_sub_and_dub_do_not_both_tell_who_takes_either(anime: Anime) -> None:
    either, both, dub, russian = (watcher(anime) for _ in range(4))
    episode_wishes_set(user=both, wishes=[Wish("sub", "en"), Wish("dub")])
    episode_wishes_set(user=dub, wishes=[Wish("dub", "ru")])
    episode_wishes_set(user=russian, wishes=[Wish("any", "ru")])
    plays(anime, 1)
    tell()
    plays(anime, 1, "dub", "ru")
    plays(anime, 1, "raw", "ja")
    tell()
    assert told(either) == [([1], [["sub", "en"]])]
    assert told(both) == [([1], [["sub", "en"]]), ([1], [["dub", "ru"]])]
    assert told(dub) == told(russian) == [([1], [["dub", "ru"]])]


def test_what_comes_together_is_told_together(anime: Anime) -> None:
    person = watcher(anime, 1)
    for number in (1, 2, 3, 4):
        plays(anime, number)
        plays(anime, number, "dub", "de")
    tell()
    assert told(person) == [([2, 3, 4], [["dub", "de"], ["sub", "en"]])]
    assert Notification.objects.get().url == f"/watch/{anime.pk}/2"


def test_an_animes_own_wishes_come_before_the_general_ones(anime: Anime) -> None:
    silent, special, general = (watcher(anime) for _ in range(3))
    episode_wishes_set(user=silent, wishes=[], anime_id=anime.pk, is_muted=True)
    episode_wishes_set(user=special, wishes=[Wish("dub")])
    episode_wishes_set(user=special, wishes=[Wish("sub")], anime_id=anime.pk)
    episode_wishes_set(user=general, wishes=[Wish("dub")])
    episode_wishes_set(user=general, wishes=[Wish("dub")], anime_id=make.AnimeFactory.create().pk)
    plays(anime, 1)
    tell()
    assert (told(silent), len(told(special)), told(general)) == ([], 1, [])


@pytest.mark.parametrize("trait", ["hidden", "restricted", "adult"])
def test_hidden_and_adult_anime_are_told_of_to_nobody_ever(anime: Anime, trait: str) -> None:
    person = watcher(anime)
    other = make.AnimeFactory.create(**{trait: True})
    plays(anime, 1)
    Anime.objects.filter(pk=anime.pk).update(
        visibility=other.visibility, moderation_reason=other.moderation_reason, is_adult=other.is_adult
    )
    tell()
    Anime.objects.filter(pk=anime.pk).update(visibility="public", is_adult=False)
    tell()
    assert told(person) == []
    assert EpisodeRelease.objects.get(anime=anime).told_at is not None


def test_what_does_not_play_is_no_release(anime: Anime, settings: LazySettings) -> None:
    dead = plays(anime, 1, health="dead")
    plays(anime, 2, is_enabled=False)
    plays(anime, 3, url="https://elsewhere.example.org/3")
    special = make.EpisodeFactory.create(anime=anime, kind="special", number=4)
    make.EpisodeSourceFactory.create(episode=special)
    tell()
    assert not EpisodeRelease.objects.exists()
    EpisodeSource.objects.filter(pk=dead.pk).update(health="ok")
    ReleaseScan.objects.update(full_at=timezone.now() - timedelta(hours=2))
    tell()  # the hourly look at everything finds what was switched on
    assert EpisodeRelease.objects.get().episode_number == 1


def test_sources_without_a_translation_are_what_their_tracks_are(anime: Anime) -> None:
    plays(anime, 1, "", audio_languages=["ja"])
    plays(anime, 2, "", audio_languages=["ja", "en"])
    both = plays(anime, 3, "", audio_languages=["ja"])
    make.SubtitleTrackFactory.create(episode=both.episode, language="de")
    plays(anime, 4, "")
    releases_scan()
    found = EpisodeRelease.objects.order_by("episode_number").values_list("episode_number", "kind", "language")
    assert list(found) == [(1, "raw", "ja"), (2, "dub", "en"), (3, "sub", "de"), (4, "raw", "")]


def test_a_crash_between_two_chunks_tells_nobody_twice(anime: Anime, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [watcher(anime) for _ in range(5)]
    plays(anime, 1)
    monkeypatch.setattr(episode_releases, "PEOPLE_A_STEP", 2)
    episodes_notice()
    whole, calls = episode_releases._tell, []

    def once(*arguments: Any) -> int:
        calls.append(arguments)
        if len(calls) == 2:
            raise RuntimeError("the worker dies")
        return whole(*arguments)

    monkeypatch.setattr(episode_releases, "_tell", once)
    job = Job.objects.get(kind=KIND)
    job_run(job_id=job.pk)
    assert Notification.objects.count() == 2
    Notification.objects.update(read_at=timezone.now())  # so that no unread row would hide a second one
    plays(anime, 1, "dub", "de")
    Job.objects.update(run_after=None)
    job_run(job_id=job.pk)
    assert sorted(Notification.objects.values_list("user", flat=True)) == sorted(one.pk for one in people)
    tell()
    assert Notification.objects.count() == 5
    assert not EpisodeRelease.objects.filter(told_at=None).exists()


def test_many_people_are_told_in_as_many_queries_as_few(anime: Anime, django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        watcher(anime)
    plays(anime, 1)
    episodes_notice()
    with django_assert_max_num_queries(45):
        job_run(job_id=Job.objects.get(kind=KIND).pk)
    assert Notification.objects.count() == 12


def test_one_job_an_anime(anime: Anime) -> None:
    watcher(anime)
    plays(anime, 1)
    releases_scan()
    assert (releases_tell(), releases_tell()) == (1, 0)


def test_wishes_say_what_they_fit() -> None:
    fresh = [("sub", "en-US"), ("dub", "ru")]
    assert releases_wanted([Wish("sub", "en")], fresh=fresh, earlier=()) == {("sub", "en-US")}
    assert releases_wanted([Wish("sub", "en")], fresh=fresh, earlier=[("sub", "en")]) == frozenset()
    assert releases_wanted(ANYTHING, fresh=fresh, earlier=()) == set(fresh)
    assert releases_wanted(ANYTHING, fresh=fresh, earlier=[("raw", "")]) == frozenset()
    assert releases_wanted([], fresh=fresh, earlier=()) == frozenset()
    assert not Wish("sub", "e").fits("sub", "en")


def test_wishes_are_replaced_and_bounded(anime: Anime) -> None:
    from core.errors import ValidationFailed

    person = UserFactory.create()
    episode_wishes_set(user=person, wishes=[Wish("sub", "en"), Wish("sub", "en"), Wish("dub")])
    episode_wishes_set(user=person, wishes=[Wish("raw")])
    assert list(EpisodeWish.objects.values_list("kind", "language")) == [("raw", "")]
    for wrong in ([Wish("none")], [Wish("sub", "x" * 13)], [Wish("sub", str(n)) for n in range(41)]):
        with pytest.raises(ValidationFailed):
            episode_wishes_set(user=person, wishes=wrong)
    assert EpisodeWish.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_notice_an_episode_once() -> None:
    from tests.races import at_once

    releases_scan()
    anime = make.AnimeFactory.create()
    for number in range(1, 6):
        plays(anime, number)
    assert at_once([releases_scan] * 3) == {"done": 3}
    assert EpisodeRelease.objects.count() == 5
