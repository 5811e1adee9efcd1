"""From a provider's home page over the wire to what airs now: read, matched by the real matcher, asked to be enriched, told."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.tests.factories import UserFactory
from catalog.facade import catalog_touch
from catalog.tests.factories import AnimeFactory, ExternalIdFactory
from core.jobs.services import job_run
from core.models import Job, JobState
from providers.models import Enrichment, Provider, ProviderTitle
from providers.services import waiting
from providers.services.enrichment import ENRICH_JOB, enrichment_now
from providers.services.home import HOME_JOB, home_request
from providers.tests.servers import answer, provider_site

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).parent.parent / "fixtures" / "animasu"
PAGE, DETAIL = (FIXTURES / "home.html").read_text(), (FIXTURES / "detail.html").read_text()


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


class TestWaiting:
    """Somebody signed in waits for a title; instead of another process's worker the wait itself does the job."""

    @pytest.fixture
    def person(self, monkeypatch: pytest.MonkeyPatch) -> Client:
        def wait(*, enrichment: Enrichment, seconds: float) -> Enrichment:
            job_run(job_id=enrichment.job_id)
            return enrichment_now(enrichment)

        monkeypatch.setattr(waiting, "enrichment_wait", wait)
        client = Client()
        client.force_login(UserFactory())
        return client

    def test_a_slug_that_nobody_knew_is_told_whole(self, person: Client) -> None:
        slug = "hoshi-no-niwa-s2"
        with provider_site({f"/anime/{slug}/": DETAIL}, name="animasu", adapter="animasu") as (_provider, site):
            answered = person.get(f"/api/v1/providers/animasu/anime/{slug}?wait=30")
            again = person.get(f"/api/v1/providers/animasu/anime/{slug}?wait=30").json()
            asked_once = site.asked.count(f"/anime/{slug}/")
        body = answered.json()
        assert (answered.status_code, body["cached"], body["enriching"]) == (200, False, False)
        assert body["data"]["episodes"]["animasu"]
        assert (again["cached"], again["data"]) == (True, body["data"])
        assert asked_once == 1

    def test_a_slug_that_the_provider_has_not_is_404(self, person: Client) -> None:
        with provider_site({}, name="animasu", adapter="animasu") as (_provider, site):
            for _time in range(2):
                answered = person.get("/api/v1/providers/animasu/anime/nothing-of-this?wait=30")
                assert (answered.status_code, answered.json()["error"]) == (404, "provider_title_gone")
            assert len(site.asked) == 1
