"""Rate limits: atomic, with headers."""

import threading
import time
from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from core.errors import RateLimited
from core.throttles import (
    Limit,
    Reserved,
    _bucket,
    throttle_check,
    throttle_clear,
    throttle_done,
    throttle_hit,
    throttle_key,
    throttle_peek,
)

LIMIT = Limit("test", times=10, seconds=3600)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def test_the_eleventh_is_refused_with_headers() -> None:
    for left in range(9, -1, -1):
        assert throttle_check(LIMIT, "k").remaining == left
    with pytest.raises(RateLimited) as refused:
        throttle_check(LIMIT, "k")
    headers = refused.value.headers
    assert headers["X-RateLimit-Limit"] == "10"
    assert headers["X-RateLimit-Remaining"] == "0"
    assert 1 <= int(headers["Retry-After"]) <= 3601
    assert throttle_check(LIMIT, "other").remaining == 9


def test_peek_does_not_count_and_clear_forgets() -> None:
    throttle_hit(LIMIT, "k")
    assert throttle_peek(LIMIT, "k").remaining == 9
    assert throttle_peek(LIMIT, "k").remaining == 9
    throttle_clear(LIMIT, "k")
    assert throttle_peek(LIMIT, "k").remaining == 10


def test_a_hundred_parallel_hits_count_a_hundred() -> None:
    barrier, allowed = threading.Barrier(20), []

    def hit() -> None:
        barrier.wait()
        for _ in range(5):
            allowed.append(not throttle_hit(LIMIT, "race").is_exceeded)

    threads = [threading.Thread(target=hit) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == 100
    assert sum(allowed) == 10


def test_a_limit_per_address_counts_the_address_of_everybody() -> None:
    """One who signs in does not get a fresh count; neither does one who moves within their IPv6 network."""
    per_caller, per_address = Limit("caller", 5, 60), Limit("address", 5, 60, per="address")
    person = SimpleNamespace(is_authenticated=True, pk="7")
    stranger = SimpleNamespace(is_authenticated=False)

    def asking(user: object, address: str) -> SimpleNamespace:
        return SimpleNamespace(user=user, META={"REMOTE_ADDR": address})

    assert throttle_key(per_caller, asking(person, "198.51.100.1")) == "u7"
    assert throttle_key(per_caller, asking(stranger, "198.51.100.1")) == "a198.51.100.1"
    keys = {throttle_key(per_address, asking(user, "198.51.100.1")) for user in (person, stranger)}
    assert keys == {"a198.51.100.1"}
    assert {throttle_key(per_caller, asking(stranger, f"2001:db8:1:2::{n}")) for n in (1, 2)} == {"a2001:db8:1:2::"}
    assert {throttle_key(per_address, asking(stranger, f"2001:db8:1:2::{n}")) for n in (1, 2)} == {"a2001:db8:1:2::"}


class TestDone:
    def test_what_raises_counts_for_nothing(self) -> None:
        with pytest.raises(ValueError, match="refused"), throttle_done(LIMIT, "done"):
            raise ValueError("refused")
        assert throttle_peek(LIMIT, "done").remaining == 10
        with throttle_done(LIMIT, "done") as reserved:
            assert reserved.allowance.remaining == 9
        assert throttle_peek(LIMIT, "done").remaining == 9

    def test_past_the_limit_nothing_is_counted(self) -> None:
        throttle_hit(LIMIT, "past", times=10)
        for _ in range(3):
            with pytest.raises(RateLimited), throttle_done(LIMIT, "past"):
                pytest.fail("it went through")
        assert cache.get(_bucket(LIMIT, "past", time.time())[0]) == 10

    def test_many_at_once_are_no_more_than_the_limit(self) -> None:
        done: list[int] = []

        def one() -> None:
            with suppress(RateLimited), throttle_done(LIMIT, "many"):
                time.sleep(0.01)
                done.append(1)

        threads = [threading.Thread(target=one) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(done) == 10
        assert throttle_peek(LIMIT, "many").remaining == 0

    def test_giving_back_a_forgotten_use_is_nothing(self) -> None:
        reserved = Reserved(LIMIT, "gone")
        throttle_clear(LIMIT, "gone")
        reserved.give_back()
        reserved.give_back()
        assert throttle_peek(LIMIT, "gone").remaining == 10
