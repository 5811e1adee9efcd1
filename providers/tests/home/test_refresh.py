"""Looks at home pages: what is new is matched and enriched, what fails leaves the last list, what is due is asked."""

import datetime
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from catalog.tests.factories import AnimeFactory
from core.jobs.services import job_run
from core.models import Job, JobState
from providers.adapters.drafts import Card, CardPage
from providers.errors import CapabilityMissing, PageUnreadable, ProviderDisabled
from providers.models import PageFailure, Provider, ProviderTitle
from providers.selectors.health import queue_length
from providers.selectors.queue import next_queued
from providers.services import home
from providers.services.episode_sources import sources_sync
from providers.services.home import home_refresh, home_request, homes_request_due
from providers.tests.episodes.playing import entry, playing
from providers.tests.factories import ProviderFactory, ProviderTitleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Provider:
    return ProviderFactory(name="first", refresh_minutes=30)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A home page that a test fills, and what was matched and enriched because of it."""
    seen = SimpleNamespace(cards=[], error=None, matched=[], enriched=[], is_remote=True, has_next=False)

    def read(ask: Any) -> CardPage:
        if seen.error:
            raise seen.error
        return CardPage(tuple(seen.cards), has_next=seen.has_next)

    def match(*, title: ProviderTitle) -> ProviderTitle:
        seen.matched.append(title.slug)
        ProviderTitle.objects.filter(pk=title.pk).update(match_state="none")
        return title

    adapter = lambda provider, *needs: SimpleNamespace(home=read, is_remote=seen.is_remote)  # noqa: E731
    monkeypatch.setattr(home, "adapter_of", adapter)
    monkeypatch.setattr(home, "title_match", match)
    monkeypatch.setattr(home, "enrichment_request", lambda *, key_of: seen.enriched.append(key_of.slug))
    return seen


def card(slug: str, episode: int | None = 1) -> Card:
    return Card(slug, slug.title(), f"https://first.example.org/{slug}/", episode=episode)


class TestRefresh:
    def test_new_titles_are_matched_and_enriched(self, provider: Provider, site: SimpleNamespace) -> None:
        site.cards = [card("b"), card("a")]
        assert home_refresh(provider=provider) == 2
        assert site.matched == site.enriched == ["b", "a"]
        provider.refresh_from_db()
        assert provider.home_at is not None
        assert list(ProviderTitle.objects.order_by("home_rank").values_list("slug", flat=True)) == ["b", "a"]

    def test_a_page_as_it_was_does_nothing(self, provider: Provider, site: SimpleNamespace) -> None:
        site.cards = [card("a")]
        home_refresh(provider=provider)
        ProviderTitle.objects.update(episodes_at=timezone.now())
        before = list(ProviderTitle.objects.values())
        site.matched.clear()
        site.enriched.clear()
        assert home_refresh(provider=provider) == 0
        assert (site.matched, site.enriched) == ([], [])
        assert list(ProviderTitle.objects.values()) == before

    def test_a_newer_episode_is_enriched_alone(self, provider: Provider, site: SimpleNamespace) -> None:
        site.cards = [card("a"), card("b")]
        home_refresh(provider=provider)
        ProviderTitle.objects.update(episodes_at=timezone.now())
        site.enriched.clear()
        site.cards = [card("b", episode=2), card("a")]
        assert home_refresh(provider=provider) == 1
        assert site.enriched == ["b"]

    def test_a_look_that_was_cut_short_is_finished_by_the_next(
        self, provider: Provider, site: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        site.cards = [card("a")]

        def killed(*, key_of: ProviderTitle) -> None:
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(home, "enrichment_request", killed)
            with pytest.raises(SystemExit):
                home_refresh(provider=provider)
        provider.refresh_from_db()
        assert provider.home_at is None
        assert home_refresh(provider=provider) == 1
        assert site.enriched == ["a"]

    def test_what_was_gone_and_is_listed_again_is_enriched(self, provider: Provider, site: SimpleNamespace) -> None:
        now = timezone.now()
        ProviderTitleFactory(provider=provider, slug="a", match_state="none", gone_at=now, episodes_at=now)
        site.cards = [card("a", episode=None)]
        assert home_refresh(provider=provider) == 1
        assert site.enriched == ["a"]

    def test_a_folder_that_the_library_lists_no_more_is_gone_with_its_files(
        self, provider: Provider, site: SimpleNamespace
    ) -> None:
        shelf = ProviderTitleFactory(provider=provider, slug="movies", anime=AnimeFactory(document=True))
        waiting = ProviderTitleFactory(provider=provider, slug="other", match_state="queued")
        ProviderTitleFactory(slug="elsewhere", match_state="queued")
        file = {"label": "", "url": "", "path": "library:Movies/01.mp4", "kind": "local", "quality": 0}
        entry(shelf, 1, file)
        assert sources_sync(title=shelf) == 1
        assert queue_length() == 2
        for site.is_remote, site.has_next, site.cards in (
            (True, False, [card("a")]),  # a page of a site lists a part
            (False, True, [card("a")]),  # so does a long library's
            (False, False, []),  # a disk that is not there is no library without files
        ):
            home_refresh(provider=provider)
            assert len(playing()) == 1
        site.is_remote, site.has_next, site.cards = False, False, [card("a")]
        home_refresh(provider=provider)
        assert playing() == []
        assert ProviderTitle.objects.get(slug="a").gone_at is None
        assert (queue_length(), next_queued(waiting).slug) == (1, "elsewhere")

    def test_a_page_that_makes_no_sense_leaves_the_last_list(self, provider: Provider, site: SimpleNamespace) -> None:
        site.cards = [card("a")]
        home_refresh(provider=provider)
        read_at = provider.home_at
        site.error = PageUnreadable("garbage")
        with pytest.raises(PageUnreadable):
            home_refresh(provider=provider)
        provider.refresh_from_db()
        assert provider.home_at == read_at
        assert ProviderTitle.objects.get().home_rank == 0
        assert PageFailure.objects.get().question == "home"

    def test_who_is_off_is_not_asked(self, site: SimpleNamespace) -> None:
        with pytest.raises(ProviderDisabled):
            home_refresh(provider=ProviderFactory(off=True))
        assert ProviderTitle.objects.count() == 0

    def test_what_a_person_decided_is_not_matched_again(self, provider: Provider, site: SimpleNamespace) -> None:
        ProviderTitleFactory(provider=provider, slug="a", match_state="rejected")
        site.cards = [card("a")]
        home_refresh(provider=provider)
        assert site.matched == []


class TestJobs:
    def test_the_job_reads_and_says_how_many(self, provider: Provider, site: SimpleNamespace) -> None:
        site.cards = [card("a"), card("b")]
        job = job_run(job_id=home_request(provider=provider).id)
        assert job is not None
        assert (job.state, job.result) == (JobState.DONE, {"titles": 2})

    def test_a_failure_has_its_code(self, provider: Provider, site: SimpleNamespace) -> None:
        site.error = PageUnreadable("garbage")
        job = job_run(job_id=home_request(provider=provider).id)
        assert job is not None
        assert (job.state, job.error_code) == (JobState.FAILED, "provider_page_unreadable")

    def test_asked_twice_is_one_job(self, provider: Provider) -> None:
        assert home_request(provider=provider).id == home_request(provider=provider).id

    def test_refusals(self) -> None:
        with pytest.raises(ProviderDisabled):
            home_request(provider=ProviderFactory(off=True))
        with pytest.raises(CapabilityMissing):
            home_request(provider=ProviderFactory(adapter="gone"))
        assert Job.objects.count() == 0

    def test_only_what_is_due_is_asked(self) -> None:
        now = timezone.now()
        ProviderFactory(name="never")
        ProviderFactory(name="old", home_at=now - datetime.timedelta(minutes=31))
        ProviderFactory(name="fresh", home_at=now - datetime.timedelta(minutes=29))
        ProviderFactory(name="off", off=True)
        ProviderFactory(name="codeless", adapter="gone")
        assert homes_request_due() == 2
        assert set(Job.objects.values_list("unique_key", flat=True)) == {"never", "old"}
        assert homes_request_due() == 0

    def test_a_look_that_failed_waits_for_its_turn(self, provider: Provider, site: SimpleNamespace) -> None:
        site.error = PageUnreadable("garbage")
        assert homes_request_due() == 1
        job_run(job_id=Job.objects.get().id)
        assert homes_request_due() == 0
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=31), tick=False):
            assert homes_request_due() == 1
