"""`/admin/anime/{id}/sources`, `/sync` and `/candidates`."""

from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Anime, FieldProvenance
from catalog.tests.importing.records import jikan_record
from core.jobs.services import job_run
from core.models import Job
from providers.models import FieldSource, MetadataSnapshot, ProviderTitle
from providers.services.enrichment import ENRICH_JOB
from providers.tests.api_admin.conftest import Caller
from providers.tests.pipeline.conftest import World, run
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(world: World) -> World:
    """What Jikan and the provider said is stored; nothing of it is merged yet."""
    now = timezone.now()
    MetadataSnapshot.objects.create(
        source="jikan", external_id="1", anime=world.anime, payload=jikan_record(), fetched_at=now, checked_at=now
    )
    ProviderTitle.objects.filter(pk=world.title.pk).update(detail_at=now, synopsis="Of the site.", episode_count=13)
    return world


def choose(admin: Caller, world: World, body: Any) -> Any:
    return admin("PATCH", f"/admin/anime/{world.anime.pk}/sources", body)


def test_a_choice_is_applied_at_once_from_what_is_stored(admin: Caller, known: World) -> None:
    answer = choose(admin, known, {"synopsis": "one"})
    assert answer.status_code == 200
    assert answer.json()["sources"] == {"synopsis": "one"}
    assert answer.json()["changed"]["one"] == ["synopsis"]
    assert Anime.objects.get(pk=known.anime.pk).synopsis == "Of the site."
    row = FieldProvenance.objects.get(anime=known.anime, field="synopsis")
    assert (row.source, row.set_by_id, row.is_locked) == ("one", admin.user.pk, False)
    assert FieldSource.objects.get().set_by_id == admin.user.pk
    assert not known.script.asked


def test_null_gives_a_field_back_to_the_ranks(admin: Caller, known: World) -> None:
    choose(admin, known, {"synopsis": "one"})
    answer = choose(admin, known, {"synopsis": None})
    assert answer.json()["sources"] == {}
    assert Anime.objects.get(pk=known.anime.pk).synopsis.startswith("A gardener")


def test_a_choice_undoes_a_lock_and_staff_is_a_lock(admin: Caller, known: World) -> None:
    path = f"/admin/anime/{known.anime.pk}"
    admin("PATCH", path, {"synopsis": "By hand."})
    choose(admin, known, {"episode_count": None})
    assert Anime.objects.get(pk=known.anime.pk).synopsis == "By hand."
    choose(admin, known, {"synopsis": "jikan"})
    assert Anime.objects.get(pk=known.anime.pk).synopsis.startswith("A gardener")
    choose(admin, known, {"synopsis": "staff"})
    choose(admin, known, {"title_english": "one"})
    assert FieldProvenance.objects.get(anime=known.anime, field="synopsis").is_locked
    assert list(FieldSource.objects.values_list("field", flat=True)) == ["title_english"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "sources"),
        ([], "sources"),
        ({"visibility": "jikan"}, "visibility"),
        ({"pk": "jikan"}, "pk"),
        ({"synopsis": "nobody"}, "synopsis"),
        ({"synopsis": "offline-database"}, "synopsis"),
        ({"synopsis": ["jikan"]}, "synopsis"),
        ({"synopsis": ""}, "synopsis"),
        ({"title": "one", "x\x00": "jikan"}, "x\x00"),
    ],
)
def test_unknown_fields_and_sources_change_nothing(admin: Caller, known: World, body: Any, field: str) -> None:
    answer = choose(admin, known, body)
    assert (answer.status_code, field in answer.json()["fields"]) == (422, True)
    assert not FieldSource.objects.exists()
    assert Anime.objects.get(pk=known.anime.pk).synopsis == ""


def test_candidates_of_every_field(admin: Caller, known: World) -> None:
    with assert_queries("providers/GET admin candidates"):
        answer = admin("GET", f"/admin/anime/{known.anime.pk}/candidates")
    found = answer.json()
    assert answer.status_code == 200
    assert {"title", "synopsis", "genres", "tags", "studios", "titles", "relations", "external_ids", "score"} <= set(
        found
    )
    assert all({"current", "locked", "source", "candidates"} <= set(one) for one in found.values())
    assert [one["source"] for one in found["synopsis"]["candidates"]] == ["jikan", "one"]
    assert found["start_date"]["candidates"][0]["value"] == "2019-04-06"
    assert found["start_date"]["current"] == "2020-04-05"
    assert not found["synopsis"]["candidates"][0]["is_stale"]
    assert admin("GET", f"/admin/anime/{known.anime.pk}/candidates?x=1").status_code == 400


def test_syncing_twice_is_one_job(admin: Caller, world: World) -> None:
    path = f"/admin/anime/{world.anime.pk}/sync"
    first, second = admin("POST", path), admin("POST", path)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["job"]["id"] == second.json()["job"]["id"] == str(Job.objects.get().pk)
    assert (first.json()["job"]["state"], first.json()["key"]) == ("queued", f"anime:{world.anime.pk}")


def test_waiting_for_a_sync_answers_with_the_result(
    admin: Caller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nap(seconds: float) -> None:
        job_run(job_id=Job.objects.get().pk)

    monkeypatch.setattr("providers.services.enrichment.time.sleep", nap)
    answer = admin("POST", f"/admin/anime/{world.anime.pk}/sync?wait=5")
    assert (answer.status_code, answer.json()["error"]) == (200, "")
    assert "episode_count" in answer.json()["result"]["changed"]["jikan"]
    assert answer.json()["succeeded_at"] >= answer.json()["requested_at"]


def test_a_sync_is_forced_even_after_a_fresh_one(admin: Caller, world: World) -> None:
    path = f"/admin/anime/{world.anime.pk}/sync"
    admin("POST", path)
    job_run(job_id=Job.objects.get().pk)
    assert admin("POST", path).status_code == 202
    assert Job.objects.filter(kind=ENRICH_JOB).count() == 2
    unknown = admin("POST", f"{path}?wait=1&x=1")
    assert (unknown.status_code, unknown.json()["error"]) == (400, "unknown_filter")


@pytest.mark.parametrize("wait", ["-1", "61", "soon", "1e3", "nan", "٣", "0x1", "1.2.3", "9" * 400])
def test_waits_that_make_no_sense(admin: Caller, world: World, wait: str) -> None:
    answer = admin("POST", f"/admin/anime/{world.anime.pk}/sync?wait={wait}")
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["wait"])
    assert not Job.objects.exists()


@pytest.mark.parametrize("role", ["user", "tester", "moderator"])
def test_nobody_else_may(world: World, role: str) -> None:
    stranger, path = Caller(role), f"/admin/anime/{world.anime.pk}"
    calls = [
        stranger("POST", "/admin/anime", {"title": "X"}),
        stranger("PATCH", path, {"synopsis": "X"}),
        stranger("PATCH", f"{path}/sources", {"synopsis": "one"}),
        stranger("POST", f"{path}/sync"),
        stranger("GET", f"{path}/candidates"),
    ]
    assert [answer.status_code for answer in calls] == [403] * 5
    assert (Anime.objects.count(), Job.objects.count(), FieldSource.objects.count()) == (1, 0, 0)


def test_a_title_that_was_merged_away_leads_on(admin: Caller, known: World) -> None:
    from catalog.facade import anime_merge
    from catalog.tests.factories import AnimeFactory

    keep = AnimeFactory(document=True)
    anime_merge(actor=admin.user, keep=keep, duplicate=known.anime)
    answer = admin("POST", f"/admin/anime/{known.anime.pk}/sync")
    assert (answer.status_code, answer.json()["key"]) == (202, f"anime:{keep.pk}")
    from providers.models import Enrichment

    assert run(Enrichment.objects.get()).state == "done"
