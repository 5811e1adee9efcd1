"""Counts by the hour, kept pages of failures, and what the nightly task forgets."""

import datetime
import gzip
import threading

import pytest
from django.db import connection
from django.utils import timezone

from providers.errors import PageUnreadable, ProviderError
from providers.fetching.asking import ask_of
from providers.fetching.counting import host_count
from providers.fetching.failures import failures_kept, page_failure_keep
from providers.models import HostHour, PageFailure, RememberedPage
from providers.tasks import pages_trim
from providers.tests.factories import ProviderFactory
from providers.tests.servers import provider_site


@pytest.mark.django_db
def test_outcomes_add_up_in_one_row_an_hour() -> None:
    """Time is that of requests: what was never sent took none, and a page without sense had its time as "ok"."""
    provider = ProviderFactory()
    for outcome, milliseconds in (
        ("ok", 10),
        ("unchanged", 30),
        ("failed", 5),
        ("blocked", 1),
        ("paced", 50),
        ("unread", 40),
    ):
        host_count(provider.pk, "a.example", outcome=outcome, milliseconds=milliseconds)
    host_count(provider.pk, "b.example", outcome="ok", milliseconds=-4)
    row = HostHour.objects.get(host="a.example")
    assert (row.requests, row.unchanged, row.failures, row.blocked, row.paced, row.unread) == (4, 1, 1, 1, 1, 1)
    assert (row.milliseconds, row.slowest) == (46, 30)
    assert row.hour == timezone.now().replace(minute=0, second=0, microsecond=0)
    assert HostHour.objects.get(host="b.example").milliseconds == 0


@pytest.mark.django_db(transaction=True)
def test_counts_of_threads_at_once_all_hold() -> None:
    provider = ProviderFactory()

    def count() -> None:
        for _turn in range(10):
            host_count(provider.pk, "a.example", outcome="ok", milliseconds=2)
        connection.close()

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row = HostHour.objects.get()
    assert (row.requests, row.milliseconds, row.slowest) == (40, 80, 2)


@pytest.mark.django_db
def test_the_newest_five_pages_of_a_question_are_kept() -> None:
    provider = ProviderFactory()
    for number in range(7):
        page_failure_keep(
            provider=provider, question="detail", url=f"https://x.example/{number}", text="x" * number, error_code="a"
        )
    other = page_failure_keep(provider=provider, question="home", url="u" * 2000, text="é" * 600_000, error_code="b")
    kept = PageFailure.objects.filter(question="detail").values_list("url", flat=True)
    assert sorted(kept) == [f"https://x.example/{number}" for number in range(2, 7)]
    assert (other.size, len(gzip.decompress(other.body))) == (1_200_000, 512 * 1024)
    assert len(other.url) == 1000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "trip", [PageUnreadable("no marks"), KeyError("x"), ValueError(), AttributeError(), RecursionError()]
)
def test_a_page_that_cannot_be_read_is_kept_and_counted(trip: Exception) -> None:
    with provider_site({"/x": "<p>garbage</p>"}) as (provider, site):
        ask = ask_of(provider)

        def read() -> None:
            with failures_kept(ask, "detail"):
                ask.get("/x")
                raise trip

        with pytest.raises(PageUnreadable):
            read()
    row = PageFailure.objects.get()
    assert (row.question, row.url, row.error_code) == ("detail", f"{site.base_url}/x", "provider_page_unreadable")
    assert gzip.decompress(row.body) == b"<p>garbage</p>"
    assert (HostHour.objects.get().requests, HostHour.objects.get().unread) == (1, 1)


@pytest.mark.django_db
def test_other_failures_keep_no_page() -> None:
    with provider_site({}) as (provider, _site):
        ask = ask_of(provider)
        with pytest.raises(ProviderError), failures_kept(ask, "detail"):
            ask.get("/missing")
    assert not PageFailure.objects.exists()


@pytest.mark.django_db
def test_the_nightly_task_forgets_what_is_old() -> None:
    provider = ProviderFactory()
    now = timezone.now()
    for days in (1, 29, 31, 90):
        at = now - datetime.timedelta(days=days)
        RememberedPage.objects.create(provider=provider, digest=f"{days}", url="https://x.example/", fetched_at=at)
        HostHour.objects.create(provider=provider, host="x.example", hour=at)
    assert pages_trim() == 4
    assert set(RememberedPage.objects.values_list("digest", flat=True)) == {"1", "29"}
    assert HostHour.objects.count() == 2
