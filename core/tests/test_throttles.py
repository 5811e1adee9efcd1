"""Rate limits: atomic, with headers."""

import threading
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from core.errors import RateLimited
from core.throttles import Limit, throttle_check, throttle_clear, throttle_hit, throttle_key, throttle_peek

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
