"""Waiting for providers: few at once, each account once, and never at the cost of those who only read."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from itertools import islice
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from providers.models import Enrichment, Provider
from providers.services import waiting
from providers.tests.factories import ProviderFactory

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 6
MAL = "/api/v1/providers/anime/mal/30"


class Waits:
    """Waits that last until `over` is set; `begun` is released for each that begins."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.begun = threading.Semaphore(0)
        self.is_in_transaction: list[bool] = []

    def __call__(self, *, enrichment: Enrichment, seconds: float) -> Enrichment:
        self.is_in_transaction.append(connection.in_atomic_block)
        self.begun.release()
        assert self.over.wait(30)
        return enrichment


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Waits]:
    cache.clear()
    Provider.objects.all().delete()
    settings.REQUEST_THREADS = THREADS
    found = Waits()
    monkeypatch.setattr(waiting, "enrichment_wait", found)
    yield found
    found.over.set()


def call(path: str, user: Any = None, method: str = "GET") -> tuple[int, str | None]:
    """(status, what is said of the wait) of a call, as one of the server's threads answers it."""
    headers = {"Authorization": f"Bearer {session_start(user=user).access_token}"} if user else {}
    try:
        answer = Client().generic(method, path, headers=headers)
        return answer.status_code, answer.headers.get("X-Wait")
    finally:
        connection.close()


def test_ten_who_wait_do_not_keep_a_stranger(waits: Waits) -> None:
    AnimeFactory(mal_id=30, document=True)
    ProviderFactory()
    people = UserFactory.create_batch(10)
    with ThreadPoolExecutor(THREADS) as threads:
        asked = [threads.submit(call, f"{MAL}?wait=60", person) for person in people]
        assert threads.submit(call, MAL).result(timeout=30) == (200, None)
        assert len(list(islice(as_completed(asked, timeout=30), 8))) == 8
        waits.over.set()
    assert Counter(one.result() for one in asked) == {(202, "refused"): 8, (202, None): 2}
    assert waits.is_in_transaction == [False, False]


def test_staff_who_wait_are_counted_with_everybody_and_an_account_waits_once(waits: Waits) -> None:
    anime = AnimeFactory(mal_id=30, document=True)
    staff, person, another = UserFactory(role="admin"), UserFactory(), UserFactory()
    sync = f"/api/v1/admin/anime/{anime.pk}/sync?wait=60"
    with ThreadPoolExecutor(2) as threads:
        held: list[Future[tuple[int, str | None]]] = [threads.submit(call, sync, staff, "POST")]
        assert waits.begun.acquire(timeout=30)
        assert call(sync, staff, "POST") == (202, "refused")
        assert call(f"{MAL}?wait=60", staff) == (202, "refused")
        held.append(threads.submit(call, f"{MAL}?wait=60", person))
        assert waits.begun.acquire(timeout=30)
        assert call(f"{MAL}?wait=60", another) == (202, "refused")
        waits.over.set()
    assert [one.result() for one in held] == [(202, None), (202, None)]
    assert call(f"{MAL}?wait=60", another) == (202, None)


@pytest.mark.parametrize(("threads", "places"), [(1, 0), (2, 1), (4, 1), (6, 2), (30, 10)])
def test_a_third_of_the_threads_may_wait(settings: Any, threads: int, places: int) -> None:
    settings.REQUEST_THREADS = threads
    assert waiting.waiters_most() == places
