"""What plays from now on is told once, to those who wish for it, whichever notices it first."""

from typing import Any

import pytest
from django.conf import LazySettings

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.events import EpisodePublished
from catalog.models import Anime
from catalog.services.episode_sources import Origin, SourceDraft, sources_put
from catalog.tests import factories as make
from core.events import subscribers
from core.jobs.services import job_run
from core.models import Job, JobState
from lists.facade import entry_set
from social.models import EpisodeRelease, Notification
from social.services.episode_releases import KIND, release_note, releases_scan, releases_tell
from social.services.episode_wishes import Wish, episode_wishes_set

pytestmark = pytest.mark.django_db
ORIGIN = Origin("samehadaku", "Samehadaku")


@pytest.fixture(autouse=True)
def _hosts(settings: LazySettings) -> None:
    settings.PLAYER_HOSTS = ["media.example.org"]


@pytest.fixture
def anime() -> Anime:
    """An anime after the baseline."""
    releases_scan()
    return make.AnimeFactory.create(document=True)


def publish(anime: Anime, number: int, kind: str = "sub", language: str = "id", **more: Any) -> None:
    url = f"https://media.example.org/{kind}-{language}-{number}"
    draft = SourceDraft("regular", number, (kind, language), "embed", url=url, **more)
    sources_put(anime_id=anime.pk, drafts=[draft], origin=ORIGIN)


def watcher(anime: Anime, *wishes: Wish) -> User:
    person = UserFactory.create()
    entry_set(user=person, anime_id=anime.pk, status="watching", episodes_watched=0)
    if wishes:
        episode_wishes_set(user=person, wishes=list(wishes))
    return person


def tell() -> None:
    """A minute's round of telling, without looking for sources."""
    releases_tell()
    for job in Job.objects.filter(kind=KIND, state=JobState.QUEUED):
        done = job_run(job_id=job.pk)
        assert done is not None
        assert done.state == JobState.DONE


def told(person: User) -> list[tuple[list[int], list[list[str]]]]:
    rows = Notification.objects.filter(user=person, kind="new_episode").order_by("created_at", "id")
    return [(row.context["episodes"], row.context["variants"]) for row in rows]


def test_the_community_listens() -> None:
    assert release_note in subscribers(EpisodePublished)


def test_who_wishes_dubs_is_told_of_the_dub_alone(anime: Anime) -> None:
    either, dub = watcher(anime), watcher(anime, Wish("dub"))
    publish(anime, 1)
    tell()
    assert (told(either), told(dub)) == ([([1], [["sub", "id"]])], [])
    publish(anime, 1, "dub", "en")
    tell()
    assert (told(either), told(dub)) == ([([1], [["sub", "id"]])], [([1], [["dub", "en"]])])


@pytest.mark.parametrize("scans", [(), ("before",), ("after",), ("before", "after")])
def test_event_and_scan_tell_once_in_either_order(anime: Anime, scans: tuple[str, ...]) -> None:
    person = watcher(anime)
    if "before" in scans:
        make.EpisodeSourceFactory.create(
            episode=make.EpisodeFactory.create(anime=anime, number=1),
            translation=make.TranslationFactory.create(kind="sub", language="id"),
        )
        releases_scan()
    publish(anime, 1)
    if "after" in scans:
        releases_scan()
    tell()
    publish(anime, 1)
    tell()
    assert EpisodeRelease.objects.count() == 1
    assert told(person) == [([1], [["sub", "id"]])]


def test_before_the_baseline_nobody_is_told() -> None:
    anime = make.AnimeFactory.create(document=True)
    person = watcher(anime)
    publish(anime, 1)
    assert EpisodeRelease.objects.get().told_at is not None
    tell()
    releases_scan()
    tell()
    assert told(person) == []


@pytest.mark.parametrize("trait", ["hidden", "restricted", "adult"])
def test_of_hidden_restricted_and_adult_anime_nobody_is_told_ever(anime: Anime, trait: str) -> None:
    person = watcher(anime)
    other = make.AnimeFactory.create(**{trait: True})
    Anime.objects.filter(pk=anime.pk).update(
        visibility=other.visibility, moderation_reason=other.moderation_reason, is_adult=other.is_adult
    )
    publish(anime, 1)
    Anime.objects.filter(pk=anime.pk).update(visibility="public", is_adult=False)
    tell()
    assert told(person) == []
    assert EpisodeRelease.objects.get().told_at is not None


def test_what_does_not_play_publishes_nothing(anime: Anime, settings: LazySettings) -> None:
    settings.PLAYER_HOSTS = []
    publish(anime, 1)
    assert not EpisodeRelease.objects.exists()
