"""Slugs that somebody asked for and that the provider never told of: nobody is shown them, and they do not stay."""

import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.tests.factories import UserFactory
from core import egress
from core.jobs.services import job_run
from core.models import Job
from providers.adapters.drafts import Card
from providers.models import Enrichment, ProviderTitle
from providers.services.enrichment import ENRICH_JOB
from providers.services.titles import cards_store, title_open
from providers.tasks import pages_trim
from providers.tests.admin.staff import Staff
from providers.tests.pipeline.conftest import World, page, script, world
from providers.tests.pipeline.doubles import title_match

__all__ = ["script", "world"]
pytestmark = pytest.mark.django_db
SLUG = "BUY-PILLS-at-evil.example"
PATH = f"/api/v1/providers/one/anime/{SLUG}"


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


@pytest.fixture
def signed_in() -> Client:
    client = Client()
    client.force_login(UserFactory())
    return client


def work(*, is_last: bool = False) -> Job:
    """Do the newest enrichment as a worker would, or the last of its tries."""
    job = Job.objects.filter(kind=ENRICH_JOB).latest("created_at")
    Job.objects.filter(pk=job.pk).update(run_after=None, **({"attempt": 11} if is_last else {}))
    job_run(job_id=job.pk)
    job.refresh_from_db()
    return job


def told(client: Client) -> tuple[int, Any]:
    answer = client.get(PATH)
    return answer.status_code, answer.json().get("error", answer.json().get("data"))


GONE = (404, "provider_title_gone")


def test_while_a_provider_fails_nobody_is_shown_what_somebody_asked_for(
    client: Client, signed_in: Client, world: World
) -> None:
    world.script.pages[SLUG] = egress.EgressTimeout("slow")
    assert told(signed_in) == (202, None)
    assert told(signed_in) == (202, None)
    assert (told(client), Job.objects.filter(kind=ENRICH_JOB).count()) == (GONE, 1)
    assert SLUG not in Staff("admin").get("providers_providertitle_changelist").content.decode()
    job = work()
    assert job.state == "queued"
    assert (told(client), told(signed_in)) == (GONE, GONE)
    assert SLUG not in Staff("admin").get("providers_providertitle_changelist").content.decode()
    work(is_last=True)
    assert (told(client), ProviderTitle.objects.filter(slug=SLUG).exists()) == (GONE, False)


def test_a_slug_that_the_provider_has_not_does_not_stay_and_is_not_asked_for_all_day(
    client: Client, signed_in: Client, world: World
) -> None:
    assert told(signed_in) == (202, None)
    assert work().state == "done"
    assert not ProviderTitle.objects.filter(slug=SLUG).exists()
    assert (told(client), told(signed_in)) == (GONE, GONE)
    assert world.script.asked[world.one.base_url, "detail", SLUG] == 1
    assert Job.objects.filter(kind=ENRICH_JOB).count() == 1


def test_what_the_provider_tells_is_known_to_all(client: Client, signed_in: Client, world: World) -> None:
    world.script.pages[SLUG] = page(SLUG, "Kaze no Michi")
    assert told(signed_in) == (202, None)
    work()
    status, data = told(client)
    assert (status, data["mapping"]["title_main"]) == (200, "Kaze no Michi")


def test_a_list_confirms_a_title_as_soon_as_it_is_known_what_it_is(client: Client, world: World) -> None:
    title_open(provider=world.one, slug=SLUG)
    assert told(client) == GONE
    (title,) = cards_store(provider=world.one, cards=[Card(SLUG, "Kaze no Michi", "")])
    assert told(client) == GONE
    title_match(title=title)
    status, data = told(client)
    assert (status, data["mapping"]["title_main"]) == (200, "Kaze no Michi")


def test_the_night_takes_what_was_left(world: World) -> None:
    then = timezone.now() - datetime.timedelta(days=40)
    for slug in ("left", "young"):
        title = title_open(provider=world.one, slug=slug)
        Enrichment.objects.create(key=f"title:{title.pk}", requested_at=then if slug == "left" else timezone.now())
    ProviderTitle.objects.exclude(slug="young").update(created_at=then)
    assert pages_trim() == 2
    assert set(ProviderTitle.objects.values_list("slug", flat=True)) == {"hoshi", "young"}
    assert Enrichment.objects.count() == 1
