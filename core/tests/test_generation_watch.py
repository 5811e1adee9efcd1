"""The watcher that carries other hosts' writes into this host's generation."""

import threading

import pytest

from core import generation
from core.generation_memo import GenerationMemo
from core.generation_watch import _is_ours, look


def test_a_new_mark_moves_the_generation_on_and_the_same_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.generation_watch.close_old_connections", lambda: None)
    before = generation.current()
    assert look(lambda: (7, 7), None) == (7, 7)
    assert generation.current() == before + 1
    assert look(lambda: (7, 7), (7, 7)) == (7, 7)
    assert generation.current() == before + 1
    assert look(lambda: (6, 6), (7, 7)) == (6, 6)
    assert generation.current() == before + 2


def test_a_database_that_cannot_be_asked_closes_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.generation_watch.close_old_connections", lambda: None)
    monkeypatch.setattr("core.generation_watch.connection.close", lambda: None)

    def fails() -> int:
        raise OSError("away")

    before = generation.current()
    assert look(fails, (7, 7)) is None
    assert look(fails, None) is None
    assert generation.current() == before + 2


def test_one_process_watches_at_a_time(tmp_path: object) -> None:
    path = tmp_path / "watch"  # type: ignore[operator]
    with path.open("a") as first, path.open("a") as second:
        assert _is_ours(first.fileno())
        assert not _is_ours(second.fileno())
    with path.open("a") as third:
        assert _is_ours(third.fileno())


def test_a_memo_keeps_a_value_for_one_generation() -> None:
    memo: GenerationMemo[int] = GenerationMemo(size=2)
    calls: list[int] = []

    def compute() -> int:
        calls.append(1)
        return len(calls)

    done: list[int] = []

    def outside_of_the_test() -> None:  # a thread has a connection of its own, without a transaction
        done.extend([memo.get("a", compute), memo.get("a", compute)])
        generation.bump()
        done.append(memo.get("a", compute))

    thread = threading.Thread(target=outside_of_the_test)
    thread.start()
    thread.join()
    assert done == [1, 1, 2]


@pytest.mark.django_db
def test_a_memo_keeps_nothing_inside_a_transaction() -> None:
    memo: GenerationMemo[int] = GenerationMemo()
    values = iter([1, 2])
    assert [memo.get("a", lambda: next(values)) for _ in range(2)] == [1, 2]
