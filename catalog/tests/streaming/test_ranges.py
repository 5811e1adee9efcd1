"""Pieces of files: one range, nothing clever."""

import time

import pytest

from catalog.streaming.ranges import byte_range


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", (0, 0)),
        ("bytes=0-", (0, 99)),
        ("bytes=90-200", (90, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-1000", (0, 99)),
        ("bytes=99-99", (99, 99)),
        ("bytes=100-", None),
        ("bytes=5-4", None),
        ("bytes=-0", None),
        ("bytes=-", None),
        ("bytes=0-1,2-3", None),
        ("bytes=a-b", None),
        ("items=0-1", None),
        ("bytes=0-1 ", None),
        ("bytes=٣-٥", None),
        ("", None),
    ],
)
def test_spans(header: str, span: tuple[int, int] | None) -> None:
    assert byte_range(header, 100) == span


def test_an_empty_file_has_no_range() -> None:
    assert byte_range("bytes=0-", 0) is None


def test_a_bomb_of_ranges_is_refused_at_once() -> None:
    started = time.perf_counter()
    assert byte_range("bytes=" + "0-," * 50_000, 100) is None
    assert time.perf_counter() - started < 0.05
