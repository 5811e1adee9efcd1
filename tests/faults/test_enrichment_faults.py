"""Enrichments of a provider's titles against servers that die, refuse and come back: nothing is lost, nothing doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.utils import timezone

from catalog.models import Anime, EpisodeSource, FieldProvenance
from catalog.tests.factories import AnimeFactory
from core.jobs.services import job_run
from core.models import Job, JobState
from providers.enriching.run import Run
from providers.fetching.network import network_set
from providers.models import Enrichment, MatchState, MetadataSnapshot, Provider, ProviderEpisode, ProviderTitle
from providers.services.enrichment import ENRICH_JOB, enrichment_request
from providers.services.stages import STAGES
from providers.tests.factories import ProviderTitleFactory
from providers.tests.servers import Site, answer, provider_site
from providers.tests.standin import LocalNetwork, StandIn, standing_in
from social.models import EpisodeRelease

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]
MAL_ID, EPISODES = 101, 3
PLAYER = "player.example.org"
TITLE = """<html><body><div class="bigcontent"><div class="infox"><h1>Hoshi no Niwa</h1></div></div>
<ul id="daftarepisode">{episodes}</ul></body></html>"""
EPISODE = '<li><span class="lchx"><a href="/hoshi-episode-{0}/">Hoshi no Niwa Episode {0}</a></span></li>'
MIRROR = f'<html><body><div id="pembed"><iframe src="https://{PLAYER}/e/{{}}"></iframe></div></body></html>'
MENDED = {"/anime/hoshi/": TITLE.format(episodes="".join(map(EPISODE.format, range(EPISODES, 0, -1))))} | {
    f"/hoshi-episode-{number}/": MIRROR.format(number) for number in range(1, EPISODES + 1)
}


class Killed(BaseException):
    """What a worker's death looks like from inside: nothing is caught, nothing is written."""


@dataclass
class World:
    services: StandIn
    provider: Provider
    site: Site
    anime: Anime

    def asked(self) -> Enrichment:
        return enrichment_request(key_of=self.anime, is_forced=True)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: object) -> Iterator[World]:
    """One anime that a site has and Jikan knows: both are servers of this machine."""
    settings.PLAYER_HOSTS = [PLAYER]  # type: ignore[attr-defined]
    monkeypatch.setattr("providers.enriching.run.KEEP_SECONDS", 0.0)
    monkeypatch.setattr("providers.metadata.jikan.Jikan.rates", ())
    monkeypatch.setattr("providers.services.stages.TURN_SECONDS", 0.0)
    Provider.objects.update(is_enabled=False)
    with standing_in() as services, provider_site(MENDED, adapter="animasu", name="one") as (provider, site):
        former = network_set(LocalNetwork())
        Provider.objects.update_or_create(
            name="jikan",
            defaults={"adapter": "jikan", "role": "metadata", "base_url": services.base_urls["jikan"],
                      "is_enabled": True, "interval_seconds": 0.1},
        )  # fmt: skip
        anime: Anime = AnimeFactory(title="Hoshi no Niwa", mal_id=MAL_ID, synopsis="", document=True)  # type: ignore[assignment]
        ProviderTitleFactory(
            provider=provider, slug="hoshi", title="Hoshi no Niwa", anime=anime, match_state=MatchState.AUTO
        )
        yield World(services, provider, site, anime)
        network_set(former)


def work(row: Enrichment) -> Job:
    """Do the job as if its time had come, or its dead worker's lease run out."""
    Job.objects.filter(pk=str(row.job_id)).update(run_after=None, lease_until="2020-01-01T00:00:00Z")
    job_run(job_id=str(row.job_id))
    return Job.objects.get(pk=str(row.job_id))


def left() -> dict[str, int]:
    """How much of everything is stored."""
    kept = (ProviderTitle, ProviderEpisode, MetadataSnapshot, EpisodeSource, FieldProvenance, EpisodeRelease)
    return {model.__name__: model.objects.count() for model in kept} | {
        "links": ProviderEpisode.sources.through.objects.count(),
        "live jobs": Job.objects.filter(kind=ENRICH_JOB, state__in=[JobState.QUEUED, JobState.RUNNING]).count(),
    }


WHOLE = {
    "ProviderTitle": 1, "ProviderEpisode": EPISODES, "MetadataSnapshot": 1, "EpisodeSource": EPISODES,
    "EpisodeRelease": EPISODES, "links": EPISODES, "live jobs": 0,
}  # fmt: skip


def whole() -> bool:
    found = left()
    fields = found.pop("FieldProvenance")
    rows = FieldProvenance.objects.values("anime", "field").distinct().count()
    assert found == WHOLE
    assert fields == rows
    return True


@pytest.mark.parametrize("stage", [name for name, _stage in STAGES])
def test_a_worker_killed_at_a_stage_leaves_what_another_makes_whole(
    world: World, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    entered = Run.stage_enter

    def dies(run: Run, name: str, progress: float) -> None:
        entered(run, name, progress)
        if name == stage and run.context.attempt == 1:
            raise Killed

    monkeypatch.setattr(Run, "stage_enter", dies)
    row = world.asked()
    with pytest.raises(Killed):
        work(row)
    assert Job.objects.get(pk=str(row.job_id)).state == JobState.RUNNING
    assert work(row).state == JobState.DONE
    assert whole()
    assert max(map(world.site.asked.count, world.site.asked)) == 1


def test_a_worker_killed_after_its_last_write_doubles_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_arguments: object, **_changes: object) -> None:
        raise Killed

    row = world.asked()
    with monkeypatch.context() as patched:
        patched.setattr("core.jobs.services._finish", dies)
        with pytest.raises(Killed):
            work(row)
    assert work(row).state == JobState.DONE
    assert whole()


def test_services_that_are_down_are_waited_for(world: World) -> None:
    world.services.fault("down")
    row = world.asked()
    job = work(row)
    assert (job.state, job.error_code) == (JobState.QUEUED, "egress_unavailable")
    assert job.run_after is not None
    assert job.run_after > timezone.now() + timedelta(seconds=20)
    assert ProviderEpisode.objects.count() == EPISODES
    assert MetadataSnapshot.objects.count() == 0
    assert enrichment_request(key_of=world.anime, is_forced=True).job_id == row.job_id
    world.services.heal()
    assert work(row).state == JobState.DONE
    assert whole()


def test_a_site_that_is_broken_is_read_once_it_is_mended(world: World) -> None:
    pages = dict(world.site.pages)
    world.site.pages.update(dict.fromkeys(pages, answer(b"Sorry", status="500 Internal Server Error")))
    row = world.asked()
    assert work(row).state == JobState.QUEUED
    assert (ProviderEpisode.objects.count(), MetadataSnapshot.objects.count()) == (0, 1)
    world.site.pages.update(pages)
    assert work(row).state == JobState.DONE
    assert whole()


def test_mirrors_that_could_not_be_read_are_sources_later(world: World) -> None:
    pages = dict(world.site.pages)
    world.site.pages["/hoshi-episode-2/"] = answer(b"Sorry", status="500 Internal Server Error")
    row = world.asked()
    assert work(row).state == JobState.QUEUED
    assert EpisodeSource.objects.count() == EPISODES - 1
    world.site.pages.update(pages)
    assert work(row).state == JobState.DONE
    assert whole()


def test_a_storm_is_sat_out_with_what_is_kept(world: World) -> None:
    assert work(world.asked()).state == JobState.DONE
    day = timedelta(hours=30)
    MetadataSnapshot.objects.update(fetched_at=F("fetched_at") - day, checked_at=F("checked_at") - day)
    world.services.fault("storm", retry_after=120)
    before = len(world.services.log)
    row = world.asked()
    job = work(row)
    assert (job.state, job.error_code) == (JobState.QUEUED, "egress_rate_limited")
    row.refresh_from_db()
    assert row.result["metadata"]["jikan"]["is_stale"]
    for _worker in range(3):
        assert work(row).state == JobState.QUEUED
    assert [asked.status for asked in list(world.services.log)[before:]] == [429]
    world.services.heal()
    cache.clear()  # the two minutes are over
    assert work(row).state == JobState.DONE
    row.refresh_from_db()
    assert not row.result["metadata"]["jikan"]["is_stale"]
    assert row.result["problems"] == []
    assert whole()


def test_two_workers_and_one_job(world: World) -> None:
    row = world.asked()
    gate, states = threading.Barrier(2), []

    def worker() -> None:
        try:
            gate.wait(5)
            done = job_run(job_id=str(row.job_id))
            states.append(done.state if done else None)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, states)) == ["None", "done"]
    assert Job.objects.get(pk=str(row.job_id)).attempt == 1
    assert whole()


def test_a_cache_that_forgets_everything_costs_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(stage: Callable[[Run], None]) -> Callable[[Run], None]:
        def done(run: Run) -> None:
            cache.clear()
            stage(run)
            cache.clear()

        return done

    broken = tuple((name, forgetful(stage)) for name, stage in STAGES)
    monkeypatch.setattr("providers.services.enrichment.STAGES", broken)
    assert work(world.asked()).state == JobState.DONE
    assert whole()
