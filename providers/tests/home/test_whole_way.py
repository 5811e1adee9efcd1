"""From a provider's home page over the wire to what airs now: read, matched by the real matcher, asked to be enriched, told."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from catalog.facade import catalog_touch
from catalog.tests.factories import AnimeFactory, ExternalIdFactory
from core.jobs.services import job_run
from core.models import Job, JobState
from providers.models import Enrichment, Provider, ProviderTitle
from providers.services.enrichment import ENRICH_JOB
from providers.services.home import HOME_JOB, home_request
from providers.tests.servers import answer, provider_site

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).parent.parent / "fixtures" / "animasu" / "home.html").read_text()


@pytest.fixture(autouse=True)
def _clean() -> None:
    cache.clear()
    Provider.objects.all().delete()


def asked() -> int:
    return Job.objects.filter(kind=ENRICH_JOB).count()


def test_a_home_page_becomes_what_airs_now(client: Client) -> None:
    with provider_site({"/": PAGE}, name="animasu", adapter="animasu") as (provider, site):
        job = job_run(job_id=home_request(provider=provider).id)
        assert job is not None
        assert job.state == JobState.DONE, job.error_detail
        assert site.asked == ["/"]
    titles = list(ProviderTitle.objects.order_by("home_rank"))
    assert titles
    assert job.result == {"titles": len(titles)}
    assert asked() == Enrichment.objects.count() == len(titles)
    body = client.get("/api/v1/providers/home").json()
    assert [one["slugs"] for one in body["results"]] == [title.slug for title in titles]
    assert {one["provider"] for one in body["results"]} == {"animasu"}


def test_a_title_of_the_catalogue_is_found_by_its_name(client: Client) -> None:
    with provider_site({"/": PAGE}, name="animasu", adapter="animasu") as (provider, _site):
        job_run(job_id=home_request(provider=provider).id)
        title = ProviderTitle.objects.order_by("home_rank")[0]
        name = client.get("/api/v1/providers/home").json()["results"][0]["name"]
        anime = AnimeFactory(title=name, document=True, status="airing", end_date=None, year=None)
        ExternalIdFactory(anime=anime, value="55825")
        catalog_touch(anime_ids=[anime.pk])
        ProviderTitle.objects.update(match_state="open", anime=None)
        job_run(job_id=home_request(provider=provider).id)
    title.refresh_from_db()
    found = client.get("/api/v1/providers/home").json()["results"][0]
    assert (title.match_state, title.anime_id) == ("auto", anime.pk)
    assert (found["anime_id"], found["mal_id"]) == (anime.pk, 55825)


def test_an_unchanged_page_asks_for_nothing_new() -> None:
    said = {"ETag": '"1"', "Content-Type": "text/html; charset=utf-8"}
    sent: list[bool] = []

    def page(connection, head: bytes) -> None:
        is_known = b"If-None-Match" in head or b"if-none-match" in head
        sent.append(is_known)
        (answer(b"", status="304 Not Modified") if is_known else answer(PAGE.encode(), headers=said))(connection, head)

    with provider_site({"/": page}, name="animasu", adapter="animasu") as (provider, _site):
        job_run(job_id=home_request(provider=provider).id)
        before = asked(), list(ProviderTitle.objects.values())
        job_run(job_id=home_request(provider=provider).id)
    assert sent == [False, True]
    assert (asked(), list(ProviderTitle.objects.values())) == before
    assert set(Job.objects.filter(kind=HOME_JOB).values_list("state", flat=True)) == {JobState.DONE}


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<html><body>nothing of a list</body></html>", "provider_page_unreadable"),
        (answer(b"gone", status="404 Not Found"), "provider_title_gone"),
        (answer(b"keep out", status="403 Forbidden"), "provider_blocked"),
        (answer(b"broken", status="500 Internal Server Error"), None),
    ],
)
def test_what_fails_leaves_the_last_known_list(client: Client, page, code: str | None) -> None:
    pages = {"/": PAGE}
    with provider_site(pages, name="animasu", adapter="animasu") as (provider, site):
        job_run(job_id=home_request(provider=provider).id)
        before = client.get("/api/v1/providers/home").json()["results"]
        failing = page if callable(page) else answer(page.encode(), headers={"Content-Type": "text/html"})
        site.pages["/"] = failing
        job = job_run(job_id=home_request(provider=provider).id)
    assert job is not None
    assert job.state == JobState.FAILED
    assert code is None or job.error_code == code
    assert client.get("/api/v1/providers/home").json()["results"] == before
