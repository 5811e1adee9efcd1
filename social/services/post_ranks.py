"""How hot a post is: pure; no queries.

The rule is that of Reddit's ranking of links as its open source had it (`r2/lib/db/_sorts.pyx`, `hot`): the order of magnitude
of what people gave it, plus when it was posted in units of 45,000 seconds. So ten times as many reactions are worth as much
as having been posted 12.5 hours later, and two posts keep their order while nothing happens to them: nothing has to be
worked out anew because time passes. Here what people gave is reactions and comments alike; nothing counts against a post.
"""

import math
from datetime import UTC, datetime, timedelta

TENFOLD_SECONDS = 45_000
"""By how many seconds younger a post is that is as hot with a tenth of the reactions."""
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
"""Any moment would do; a late one keeps the numbers small and so their last digits exact."""
MOVES_FOR = timedelta(days=14)
"""A million reactions are worth 75 hours: what is older than this cannot come back among what is new."""


def hotness(*, score: int, comments: int, created_at: datetime) -> float:
    """log10 of reactions and comments (0 and 1 alike), plus a tenth-power of age: see above."""
    given = max(1, score + comments)
    return round(math.log10(given) + (created_at - BEGINNING).total_seconds() / TENFOLD_SECONDS, 7)


__all__ = ["BEGINNING", "MOVES_FOR", "TENFOLD_SECONDS", "hotness"]
