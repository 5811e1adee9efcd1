"""How a server looks for garbage: seldom, and not in what it loaded."""

import gc

THRESHOLDS = (10_000, 20, 50)
"""New objects before the youngest are looked through; so many of these before the next older, so many of these before all."""


def collector_settle() -> None:
    """For a process that has loaded what it needs: that stays, and what requests leave behind is looked for seldom.

    Looking through all that is loaded stopped the process for a tenth of a second each time. Python begins after 700 new
    objects, and a request of many queries makes tens of thousands that die with it: some were looked at while they lived,
    counted as old, and every twelfth page of a feed waited for a search through everything (p95 five times p50).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


__all__ = ["collector_settle"]
