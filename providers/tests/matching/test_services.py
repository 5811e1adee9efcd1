"""Matching stored titles: what the matcher says, what people say, what happens in between."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from catalog.facade import anime_merge
from catalog.tests.factories import AnimeFactory
from core import generation
from core.jobs import job_enqueue
from core.jobs.services import job_run
from core.models import Job, JobState
from providers.models import MatchState, ProviderTitle
from providers.services import matching
from providers.services.matching import (
    MATCH_JOB,
    query_of,
    title_decide,
    title_match,
    title_reopen,
    titles_rematch_request,
)
from providers.tests.factories import ProviderTitleFactory

pytestmark = pytest.mark.django_db


def test_a_clear_title_is_matched_with_its_reasons() -> None:
    anime = AnimeFactory(title="Kaze no Tani no Uta", popularity=50_000)
    AnimeFactory(title="Midori no Saka")
    title = title_match(title=ProviderTitleFactory(title="Kaze no Tani no Uta (Dub)"))
    assert (title.match_state, title.anime_id) == (MatchState.AUTO, anime.pk)
    assert title.confidence >= 90
    assert "same title" in title.reasons
    assert title.candidates[0]["anime_id"] == anime.pk
    assert title.matched_at is not None


def test_a_doubtful_title_waits_with_its_candidates() -> None:
    twins = [AnimeFactory(title="Yoru", popularity=1_000) for _ in range(7)]
    title = title_match(title=ProviderTitleFactory(title="Yoru"))
    assert (title.match_state, title.anime_id) == (MatchState.QUEUED, None)
    assert len(title.candidates) == 5
    assert {candidate["anime_id"] for candidate in title.candidates} <= {anime.pk for anime in twins}


def test_nothing_alike_is_noted_as_such() -> None:
    title = title_match(title=ProviderTitleFactory(title="🎉🎉"))
    assert (title.match_state, title.anime_id, title.candidates) == (MatchState.NONE, None, [])


def test_a_person_is_not_overruled() -> None:
    AnimeFactory(title="Kaze no Tani no Uta")
    chosen, staff = AnimeFactory(title="Midori no Saka"), UserFactory()
    title = title_decide(actor=staff, title=ProviderTitleFactory(title="Kaze no Tani no Uta"), anime=chosen)
    assert (title.match_state, title.anime_id, title.confidence) == (MatchState.HUMAN, chosen.pk, 100)
    assert title.decided_by_id == staff.pk
    assert title_match(title=title).anime_id == chosen.pk


def test_a_person_who_decides_meanwhile_is_not_overruled() -> None:
    AnimeFactory(title="Kaze no Tani no Uta", popularity=50_000)
    stale = ProviderTitleFactory(title="Kaze no Tani no Uta")
    title_decide(actor=UserFactory(), title=ProviderTitle.objects.get(pk=stale.pk), anime=None)
    assert stale.match_state == MatchState.OPEN
    after = title_match(title=stale)
    assert (after.match_state, after.anime_id) == (MatchState.REJECTED, None)


def test_a_merged_anime_stands_for_the_one_it_is_part_of() -> None:
    keep, duplicate = AnimeFactory(), AnimeFactory()
    anime_merge(actor=None, keep=keep, duplicate=duplicate)
    title = title_decide(actor=UserFactory(), title=ProviderTitleFactory(), anime=duplicate)
    assert title.anime_id == keep.pk


def test_a_decision_taken_back_is_open_again() -> None:
    staff = UserFactory()
    title = title_decide(actor=staff, title=ProviderTitleFactory(), anime=AnimeFactory())
    title = title_reopen(actor=staff, title=title)
    assert (title.match_state, title.anime_id, title.confidence, title.reasons) == (MatchState.OPEN, None, 0, [])


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_of_a_title_ends_with_a_decision_and_with_a_match() -> None:
    anime, staff = AnimeFactory(title="Kaze no Tani no Uta", popularity=50_000), UserFactory()
    title = ProviderTitleFactory(title="Kaze no Tani no Uta")
    moments = [generation.current()]
    for change in (
        lambda: title_match(title=title),
        lambda: title_decide(actor=staff, title=title, anime=None),
        lambda: title_reopen(actor=staff, title=title),
        lambda: title_decide(actor=staff, title=title, anime=anime),
        lambda: title_match(title=title),
    ):
        change()
        moments.append(generation.current())
    assert [after > before for before, after in pairwise(moments)] == [True, True, True, True, False]


def test_many_titles_are_matched_in_as_many_statements_as_there_are_titles_and_a_few() -> None:
    AnimeFactory(title="Kaze no Tani no Uta", popularity=50_000)
    ProviderTitleFactory.create_batch(2, title="Nothing alike")
    _run_job()
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as captured:
            _run_job()
        counts.append(len(captured))
        ProviderTitleFactory.create_batch(10, title="Nothing alike")
    assert counts[1] - counts[0] == 10


def test_other_titles_that_are_no_texts_are_left_out() -> None:
    title = ProviderTitleFactory(title="Yoru", alternative_titles=["Night", None, 7, {"a": 1}, "", "Yoru"])
    assert query_of(title).alternative_titles == ("Night",)


def test_the_job_matches_what_nobody_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "BATCH", 2)
    anime = AnimeFactory(title="Kaze no Tani no Uta", popularity=50_000)
    titles = ProviderTitleFactory.create_batch(5, title="Kaze no Tani no Uta")
    rejected = title_decide(actor=UserFactory(), title=titles[0], anime=None)
    job = _run_job()
    assert job.state == JobState.DONE
    assert job.result == {"looked_at": 4, "matched": 4}
    assert ProviderTitle.objects.filter(anime=anime, match_state=MatchState.AUTO).count() == 4
    rejected.refresh_from_db()
    assert rejected.match_state == MatchState.REJECTED


def test_the_job_goes_on_behind_its_last_batch() -> None:
    AnimeFactory(title="Kaze no Tani no Uta", popularity=50_000)
    first, second = ProviderTitleFactory.create_batch(2, title="Kaze no Tani no Uta")
    job = _run_job(after=first.pk, looked_at=1, matched=1)
    assert job.result == {"looked_at": 2, "matched": 2}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.match_state, second.match_state) == (MatchState.OPEN, MatchState.AUTO)


def test_one_rematch_at_a_time() -> None:
    assert titles_rematch_request() is True
    assert titles_rematch_request() is False
    assert Job.objects.filter(kind=MATCH_JOB).count() == 1


def _run_job(**payload: Any) -> Job:
    job = job_enqueue(kind=MATCH_JOB, payload=payload)
    job_run(job_id=job.id)
    job.refresh_from_db()
    return job
