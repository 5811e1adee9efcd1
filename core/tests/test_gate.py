"""The gate: never more inside than allowed, in the order they came, and nobody waits without an end."""

import threading
import time

import pytest

from core.errors import ServiceUnavailable
from core.gate import Gate


def wait_for_line(gate: Gate, length: int) -> None:
    deadline = time.monotonic() + 5
    while len(gate._line) != length:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_never_more_inside_than_allowed_and_everybody_gets_in() -> None:
    gate, inside, most, through = Gate(at_once=3, waiting=50, seconds=10), 0, 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal inside, most, through
        with gate.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.002)
            with lock:
                inside -= 1
                through += 1

    threads = [threading.Thread(target=work) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, through) == (3, 40)


def test_turns_go_to_whoever_waits_longest() -> None:
    gate, order = Gate(at_once=1, waiting=10, seconds=10), []

    def work(number: int) -> None:
        with gate.turn():
            order.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    with gate.turn():
        for number, thread in enumerate(threads):
            thread.start()
            wait_for_line(gate, number + 1)
    with gate.turn():  # a newcomer, while six stand in line
        order.append(6)
    for thread in threads:
        thread.join()
    assert order == list(range(7))


def test_a_full_line_turns_away_at_once() -> None:
    gate = Gate(at_once=1, waiting=0, seconds=60)
    began = time.monotonic()
    with gate.turn(), pytest.raises(ServiceUnavailable) as refused, gate.turn():
        pytest.fail("two were inside")
    assert refused.value.headers["Retry-After"] == "2"
    assert time.monotonic() - began < 1
    with gate.turn():
        pass


def test_who_waited_too_long_leaves_and_takes_no_turn_along() -> None:
    gate = Gate(at_once=1, waiting=5, seconds=0.05)
    with gate.turn(), pytest.raises(ServiceUnavailable), gate.turn():
        pytest.fail("two were inside")
    with gate.turn():
        pass


def test_an_error_inside_gives_the_turn_back() -> None:
    gate = Gate(at_once=1, waiting=0, seconds=1)
    with pytest.raises(ValueError, match="inside"), gate.turn():
        raise ValueError("inside")
    with gate.turn():
        pass
