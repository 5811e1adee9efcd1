"""Enrichments when something fails: one source does not spoil the others, what passes is tried again, a kill costs nothing."""

import threading
from typing import Any

import pytest
from django.db import connection

from catalog.models import Anime
from core.egress import EgressPaced, EgressRobotsUnknown, EgressUnavailable
from core.jobs.services import job_cancel
from core.models import Job, JobState
from providers.enriching.run import ATTEMPTS
from providers.errors import PageUnreadable, ProviderBlocked
from providers.models import Enrichment, MetadataSnapshot, PageFailure, ProviderEpisode, ProviderTitle
from providers.services.enrichment import ENRICH_JOB, enrichment_request, enrichment_wait, is_settled
from providers.services.stages import COVER_ATTEMPTS, STAGES
from providers.tests.pipeline.conftest import World, page, run, run_again


class Killed(BaseException):
    """What happens to a worker that is killed: nothing is caught, nothing is written."""


def test_a_page_of_garbage_spoils_nothing_else(world: World) -> None:
    world.script.pages["hoshi"] = PageUnreadable("garbage")
    row = enrichment_request(key_of=world.anime)
    assert run(row).state == JobState.DONE
    row.refresh_from_db()
    assert row.result["problems"] == [{"provider": "one", "code": "provider_page_unreadable"}]
    assert is_settled(row)
    assert row.failed_at is None
    assert Anime.objects.get(pk=world.anime.pk).episode_count == 24
    assert ProviderEpisode.objects.filter(title__provider=world.two).count() == 2
    assert PageFailure.objects.filter(provider=world.one).count() == 1


def test_an_adapter_that_trips_is_a_page_that_makes_no_sense(world: World) -> None:
    world.script.pages["hoshi"] = AttributeError("'NoneType' object has no attribute 'text'")
    row = enrichment_request(key_of=world.anime)
    assert run(row).state == JobState.DONE
    row.refresh_from_db()
    assert row.result["problems"] == [{"provider": "one", "code": "provider_page_unreadable"}]


def test_a_title_that_is_gone_is_noted(world: World) -> None:
    del world.script.pages["hoshi"]
    row = enrichment_request(key_of=world.anime)
    assert run(row).state == JobState.DONE
    row.refresh_from_db()
    assert row.result["problems"] == [{"provider": "one", "code": "provider_title_gone"}]
    assert ProviderTitle.objects.get(slug="hoshi").gone_at is not None


@pytest.mark.parametrize(
    ("error", "code", "seconds"),
    [
        (EgressPaced("429", retry_after=120), "egress_rate_limited", 120),
        (ProviderBlocked(headers={"Retry-After": "900"}), "provider_blocked", 900),
        (EgressUnavailable("down"), "egress_unavailable", 30),
        (EgressRobotsUnknown(retry_after=600), "egress_robots_unknown", 600),
        (EgressPaced("a year", retry_after=3e7), "egress_rate_limited", 1800),
    ],
)
def test_what_passes_is_tried_again_when_it_says(world: World, error: Exception, code: str, seconds: int) -> None:
    world.script.pages["hoshi"] = error
    row = enrichment_request(key_of=world.anime)
    job = run(row)
    assert (job.state, job.error_code) == (JobState.QUEUED, code)
    assert job.run_after is not None
    assert job.started_at is not None
    assert seconds - 5 <= (job.run_after - job.started_at).total_seconds() <= seconds + 30
    row.refresh_from_db()
    assert is_settled(row)
    assert row.result["problems"] == [{"provider": "one", "code": code}]
    assert Anime.objects.get(pk=world.anime.pk).episode_count == 24

    world.script.pages["hoshi"] = world.script.pages["hoshi-two"]
    others = world.script.asked["https://two.example.org", "detail", "hoshi-two"]
    assert run_again(row).state == JobState.DONE
    row.refresh_from_db()
    assert row.result["problems"] == []
    assert world.script.asked["https://two.example.org", "detail", "hoshi-two"] == others == 1
    assert world.script.questions("anime") == 1


def test_a_cover_is_had_once_its_host_answers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def unreachable(*, title: ProviderTitle) -> None:
        asked.append(title.slug)
        raise EgressUnavailable("down")

    monkeypatch.setattr("providers.services.covers.title_cover_hash", unreachable)
    ProviderTitle.objects.filter(provider=world.one).update(cover_url="https://img.example.org/1.jpg")
    world.script.pages["hoshi"] = page("hoshi", cover_url="https://img.example.org/1.jpg")
    row = enrichment_request(key_of=world.anime)
    assert (run(row).state, asked) == (JobState.QUEUED, ["hoshi"])
    row.refresh_from_db()
    assert is_settled(row)
    monkeypatch.setattr("providers.services.covers.title_cover_hash", lambda *, title: asked.append("had"))
    assert (run_again(row).state, asked) == (JobState.DONE, ["hoshi", "had"])
    row.refresh_from_db()
    assert row.result["problems"] == []


def test_a_cover_alone_keeps_no_job_for_hours(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*, title: ProviderTitle) -> None:
        raise EgressUnavailable("down")

    monkeypatch.setattr("providers.services.covers.title_cover_hash", unreachable)
    world.script.pages["hoshi"] = page("hoshi", cover_url="https://img.example.org/1.jpg")
    row = enrichment_request(key_of=world.anime)
    states = [run_again(row).state for _ in range(COVER_ATTEMPTS)]
    assert states == [JobState.QUEUED] * (COVER_ATTEMPTS - 1) + [JobState.DONE]
    row.refresh_from_db()
    assert row.result["problems"] == [{"provider": "one", "code": "egress_unavailable"}]


def test_attempts_end(world: World) -> None:
    world.script.pages["hoshi"] = EgressUnavailable("down")
    row = enrichment_request(key_of=world.anime)
    states = [run_again(row).state for _ in range(ATTEMPTS)]
    assert states == [JobState.QUEUED] * (ATTEMPTS - 1) + [JobState.DONE]
    row.refresh_from_db()
    assert row.result["problems"] == [{"provider": "one", "code": "egress_unavailable"}]


def test_asking_again_by_force_wakes_a_job_that_waits(world: World) -> None:
    world.script.pages["hoshi"] = EgressUnavailable("down")
    row = enrichment_request(key_of=world.anime)
    assert run(row).state == JobState.QUEUED
    assert Job.objects.get(kind=ENRICH_JOB).run_after is not None
    assert enrichment_request(key_of=world.anime).job_id == row.job_id
    assert Job.objects.get(kind=ENRICH_JOB).run_after is not None
    assert enrichment_request(key_of=world.anime, is_forced=True).job_id == row.job_id
    assert Job.objects.get(kind=ENRICH_JOB).run_after is None


def test_who_wakes_a_job_that_waits_waits_for_it(world: World) -> None:
    answer = world.script.pages["hoshi"]
    world.script.pages["hoshi"] = EgressUnavailable("down")
    run(enrichment_request(key_of=world.anime))
    assert is_settled(enrichment_request(key_of=world.anime))
    row = enrichment_request(key_of=world.anime, is_forced=True)
    assert not is_settled(row)
    world.script.pages["hoshi"] = answer
    assert run(row).state == JobState.DONE
    found = enrichment_wait(enrichment=row, seconds=0)
    assert (is_settled(found), found.result["problems"]) == (True, [])


def test_everything_down_is_a_failure_that_is_told_at_once(world: World) -> None:
    down = EgressUnavailable("down")
    world.script.pages["hoshi"] = world.script.records["1"] = down
    world.script.searches = {}
    row = enrichment_request(key_of=world.anime)
    assert run(row).state == JobState.QUEUED
    found = enrichment_wait(enrichment=row, seconds=60)
    assert (found.error_code, found.succeeded_at) == ("egress_unavailable", None)
    assert enrichment_request(key_of=world.anime).job_id == row.job_id
    assert Job.objects.filter(kind=ENRICH_JOB).count() == 1


def test_a_service_that_is_down_is_answered_for_by_what_is_kept(world: World) -> None:
    run(enrichment_request(key_of=world.anime))
    world.script.records["1"] = EgressUnavailable("down")
    row = enrichment_request(key_of=world.anime, is_forced=True)
    assert run(row).state == JobState.QUEUED
    row.refresh_from_db()
    assert row.result["metadata"]["jikan"]["is_stale"]
    assert row.result["problems"] == [{"provider": "jikan", "code": "egress_unavailable"}]
    assert Anime.objects.get(pk=world.anime.pk).episode_count == 24


@pytest.mark.parametrize("killed_in", [name for name, _stage in STAGES])
@pytest.mark.parametrize("is_after", [False, True])
def test_a_killed_worker_costs_nothing_and_doubles_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, killed_in: str, is_after: bool
) -> None:
    stages = list(STAGES)
    place = next(number for number, (name, _stage) in enumerate(stages) if name == killed_in)

    def dies(run: Any) -> None:
        if is_after:
            stages[place][1](run)
        raise Killed

    broken = [*stages[:place], (killed_in, dies), *stages[place + 1 :]]
    monkeypatch.setattr("providers.services.enrichment.STAGES", tuple(broken))
    row = enrichment_request(key_of=world.anime)
    with pytest.raises(Killed):
        run(row)
    monkeypatch.setattr("providers.services.enrichment.STAGES", STAGES)
    assert run_again(row).state == JobState.DONE
    row.refresh_from_db()
    assert row.result["problems"] == []
    assert ProviderEpisode.objects.count() == 4
    assert MetadataSnapshot.objects.count() == 1
    assert Anime.objects.get(pk=world.anime.pk).episode_count == 24
    assert {key: times for key, times in world.script.asked.items() if times > 1} == {}


def killed_at(world: World, word: str) -> Enrichment:
    """The enrichment of the world's anime whose worker was killed when it came to ask `word`, a question or a slug."""

    def kill(question: str, what: str) -> None:
        if word in (question, what):
            raise Killed

    world.script.before = kill
    row = enrichment_request(key_of=world.anime)
    with pytest.raises(Killed):
        run(row)
    world.script.before = lambda question, what: None
    return row


def test_what_passes_is_tried_again_though_the_worker_is_killed_after_it(world: World) -> None:
    answer = world.script.pages["hoshi"]
    world.script.pages["hoshi"] = EgressUnavailable("down")

    row = killed_at(world, "anime")
    world.script.pages["hoshi"] = answer
    assert run_again(row).state == JobState.DONE
    row.refresh_from_db()
    assert row.result["problems"] == []
    assert ProviderEpisode.objects.filter(title__slug="hoshi").count() == 2


def test_a_worker_killed_between_two_titles_goes_on_with_the_second(world: World) -> None:
    ProviderTitle.objects.create(provider=world.two, slug="hoshi-two", title="x", anime=world.anime, match_state="auto")

    row = killed_at(world, "hoshi-two")
    assert run_again(row).state == JobState.DONE
    assert world.script.asked["https://one.example.org", "detail", "hoshi"] == 1
    assert world.script.asked["https://two.example.org", "detail", "hoshi-two"] == 1


def test_a_job_that_died_is_a_failure_for_who_waits(world: World) -> None:
    row = enrichment_request(key_of=world.anime)
    job_cancel(job=Job.objects.get(kind=ENRICH_JOB))
    found = enrichment_wait(enrichment=row, seconds=60)
    assert (is_settled(found), found.error_code) == (True, "cancelled")
    assert enrichment_request(key_of=world.anime, is_forced=True).job_id != row.job_id


def test_waiting_ends_when_the_work_does_and_when_time_is_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = enrichment_request(key_of=world.anime)
    assert not is_settled(enrichment_wait(enrichment=row, seconds=0))
    naps: list[float] = []

    def nap(seconds: float) -> None:
        assert not connection.in_atomic_block or connection.savepoint_ids == []
        naps.append(seconds)
        run(row)

    monkeypatch.setattr("providers.services.enrichment.time.sleep", nap)
    assert is_settled(enrichment_wait(enrichment=row, seconds=30))
    assert naps == [0.25]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one(world: World) -> None:
    gate = threading.Barrier(2)
    found: list[Any] = []

    def ask() -> None:
        try:
            gate.wait(5)
            found.append(enrichment_request(key_of=world.anime, is_forced=True).job_id)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Job.objects.get(kind=ENRICH_JOB).pk] * 2
    assert Enrichment.objects.get().job_id == found[0]
