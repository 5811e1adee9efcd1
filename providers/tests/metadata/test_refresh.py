"""The sweep: whom it asks about next, what it stores, where it stops, how it goes on."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.facade import records_apply_many
from catalog.models import Anime, Episode, FieldProvenance
from catalog.tests.factories import AnimeFactory
from core.jobs.services import job_run
from core.models import Job, JobState
from providers.metadata.clients import client_of, clients_enabled
from providers.models import FieldSource, MetadataSnapshot, Provider
from providers.services.refresh import anime_ids_due, anime_refresh, refresh_request
from providers.tests.standin import FaultKind, StandIn

NOW = timezone.now()


def anime(mal_id: int, **facts: Any) -> Anime:
    facts = {"status": "finished", "synopsis": "", "origin": "offline-database", "document": True, **facts}
    return AnimeFactory(mal_id=mal_id, **facts)


@pytest.fixture
def jikan(stand_in: StandIn) -> StandIn:
    """Of the services only Jikan is on."""
    Provider.objects.exclude(name="jikan").update(is_enabled=False)
    return stand_in


def looked(of: Anime, *, days: float) -> None:
    at = timezone.now() - datetime.timedelta(days=days)
    MetadataSnapshot.objects.create(
        source="jikan", external_id=str(of.pk + 50_000), anime=of, is_missing=True, fetched_at=at, checked_at=at
    )


def run(job: Job) -> Job:
    Job.objects.filter(pk=job.pk).update(run_after=None)
    job_run(job_id=job.pk)
    job.refresh_from_db()
    return job


def refresh(*of: Anime, **given: Any) -> dict[str, int]:
    return anime_refresh(anime_ids=[one.pk for one in of], started_at=timezone.now(), **given).counts


def test_who_was_never_asked_about_comes_first_then_who_may_age_the_least(jikan: StandIn) -> None:
    old, lately, upcoming, airing, popular, unknown = (
        anime(1),
        anime(2, end_date=timezone.now().date() - datetime.timedelta(days=100)),
        anime(3, status="upcoming"),
        anime(4, status="airing"),
        anime(5, popularity=9),
        anime(6, popularity=1),
    )
    AnimeFactory(document=True)  # no service knows it by any id
    for one, days in ((old, 91), (lately, 15), (upcoming, 4), (airing, 1.1)):
        looked(one, days=days)
    assert anime_ids_due() == [one.pk for one in (popular, unknown, airing, upcoming, lately, old)]
    assert anime_ids_due(limit=2) == [popular.pk, unknown.pk]
    MetadataSnapshot.objects.update(checked_at=timezone.now() - datetime.timedelta(hours=23))
    assert anime_ids_due() == [popular.pk, unknown.pk]


def test_a_run_stores_what_is_said_and_the_episodes_of_what_airs(jikan: StandIn) -> None:
    airing, over = anime(101, status="airing"), anime(103)
    job = refresh_request()
    assert job is not None
    assert refresh_request() is None
    run(job)
    assert (job.state, job.result["anime"], job.result["asked"], job.result["changed"]) == (JobState.DONE, 2, 2, 2)
    airing.refresh_from_db()
    over.refresh_from_db()
    assert (airing.title, over.title) == ("Hoshi no Niwa", "Umi to Kaze no Uta")
    stored = Episode.objects.get(anime=airing, number=5)
    assert (stored.title, stored.titles["ja"], stored.is_filler) == ("Night 5", "第5夜", True)
    assert Episode.objects.filter(anime=airing).count() == 12
    assert sorted(jikan.paths())[:2] == ["/v4/anime/101/episodes?page=1", "/v4/anime/101/full"]
    assert anime_ids_due() == []


def test_a_run_that_dies_before_it_merged_goes_on_without_asking_again(
    jikan: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [anime(101, status="airing"), anime(103)]
    job = refresh_request()
    assert job is not None
    with monkeypatch.context() as broken:
        broken.setattr("providers.enriching.sweep.records_apply_many", lambda **given: 1 / 0)
        assert run(job).state == JobState.QUEUED
    asked = len(jikan.log)
    assert run(job).state == JobState.DONE
    assert (len(jikan.log), job.result["changed"], job.result["anime"]) == (asked, 2, 2)
    assert Episode.objects.filter(anime=both[0]).count() == 12


def test_a_run_that_is_stopped_keeps_what_was_said(jikan: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    known = anime(101)
    monkeypatch.setattr("providers.enriching.sweep.BEAT_SECONDS", -1.0)

    def stop() -> None:
        if jikan.log:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(known, anime(103), beat=stop)
    known.refresh_from_db()
    assert (known.title, len(jikan.log)) == ("Hoshi no Niwa", 1)


def test_a_service_that_says_wait_is_left_alone_and_what_is_old_is_no_news(
    jikan: StandIn, aged: Callable[[float], int]
) -> None:
    first, second = anime(101), anime(103)
    refresh(first)
    Anime.objects.filter(pk=first.pk).update(synopsis="", origin="offline-database")
    aged(24 * 100)
    jikan.fault(FaultKind.STORM, retry_after=120)
    job = refresh_request()
    assert job is not None
    run(job)
    assert (job.state, job.error_code, job.payload["position"]) == (JobState.QUEUED, "services_rest", 0)
    assert job.run_after is not None
    assert job.run_after > timezone.now() + datetime.timedelta(seconds=60)
    assert len(jikan.log) == 2  # one that was heard before, one that was told to wait
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.synopsis, second.synopsis) == ("", "")


def test_what_staff_locked_or_chose_stays(jikan: StandIn) -> None:
    held = anime(101, synopsis="Ours.", title="Ours")
    FieldProvenance.objects.create(anime=held, field="synopsis", source="staff", is_locked=True, set_at=NOW)
    FieldSource.objects.create(anime=held, field="title", source="animasu")
    refresh(held)
    held.refresh_from_db()
    assert (held.synopsis, held.title, held.year) == ("Ours.", "Ours", 2019)


def test_an_id_that_is_unknown_there_is_noted_and_not_asked_again(jikan: StandIn) -> None:
    nobody = anime(999)
    assert refresh(nobody)["missing"] == 1
    assert MetadataSnapshot.objects.filter(anime=nobody, is_missing=True).exists()
    assert anime_ids_due() == []


def test_services_that_are_off_are_asked_nothing(jikan: StandIn) -> None:
    known = anime(101)
    Provider.objects.update(is_enabled=False)
    assert refresh_request() is None
    assert refresh(known) == {}
    with pytest.raises(CommandError):
        call_command("refresh_metadata")
    assert not jikan.log


def test_one_service_names_the_next_ones_id_and_one_that_is_down_spoils_nothing(stand_in: StandIn) -> None:
    known = anime(101)
    stand_in.fault(FaultKind.ERROR, "/api/edge/*", status=503)
    counts = refresh(known)
    assert counts["asked"] == 3
    assert [name for name in counts if name.startswith("kitsu: ")] == ["kitsu: egress_unavailable"]
    assert set(MetadataSnapshot.objects.filter(anime=known).values_list("source", flat=True)) == {
        "jikan",
        "anilist",
        "shikimori",
    }
    assert len(clients_enabled()) == 4


def test_the_command_asks_about_chosen_anime_even_what_is_not_due(
    jikan: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    anime(101)
    anime(103)
    call_command("refresh_metadata", "--mal-id", "101")
    call_command("refresh_metadata", "--mal-id", "101")
    assert jikan.paths() == ["/v4/anime/101/full"]
    call_command("refresh_metadata", "--mal-id", "101", "--now")
    assert [asked.status for asked in jikan.log] == [200, 304]
    assert "asked: 1" in capsys.readouterr().out
    for wrong in (("--mal-id", "7"), ("--limit", "0")):
        with pytest.raises(CommandError):
            call_command("refresh_metadata", *wrong)


def test_merging_many_takes_no_more_queries_than_merging_two(jikan: StandIn) -> None:
    def queries(*mal_ids: int) -> int:
        records = []
        for mal_id in mal_ids:
            said = client_of("jikan").anime(str(mal_id))
            assert said.record is not None
            records.append((anime(mal_id).pk, "jikan", said.record))
        with CaptureQueriesContext(
            connection,
        ) as counted:
            records_apply_many(records=records, chosen={})
        return len(counted)

    few = queries(101, 103)
    Anime.objects.all().delete()
    assert queries(101, 102, 103, 104) <= few + 2
