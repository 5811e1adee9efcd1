"""A server seldom looks for garbage, and not in what it loaded."""

import gc

from core.serve.collector import THRESHOLDS, collector_settle


def test_what_is_loaded_is_left_alone_and_requests_are_not_stopped() -> None:
    before = gc.get_threshold()
    try:
        collector_settle()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() == THRESHOLDS
        gc.collect(1)
        searches = gc.get_stats()[2]["collections"]
        kept = [[number] for number in range(THRESHOLDS[0] * THRESHOLDS[1])]  # as a few requests leave
        assert gc.get_stats()[2]["collections"] == searches
        assert kept
    finally:
        gc.set_threshold(*before)
