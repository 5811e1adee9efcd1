"""Real titles as two providers write them, with the id that a crowd gave them: what the enrichment of a whole site is tried on."""

import gzip
import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson


@dataclass(slots=True)
class Work:
    """One anime: `names` are what different providers call it, `record` is Jikan's."""

    mal_id: int
    names: list[str]
    record: dict[str, Any] = field(default_factory=dict)

    @property
    def episodes(self) -> int:
        """How many episodes a provider would list: what is known, 26 at most."""
        return min(self.record.get("episodes") or 12, 26)


def works_read(folder: Path, count: int, *, seed: int = 6) -> list[Work]:
    """`count` works with at least two names by different providers where they are to be had, always the same ones."""
    names: dict[int, dict[str, str]] = defaultdict(dict)
    with gzip.open(folder / "providers" / "title-pairs.jsonl.gz", "rb") as file:
        for line in file:
            pair = orjson.loads(line)
            names[pair["mal_id"]].setdefault(pair["provider"], pair["provider_title"])
    several = [mal_id for mal_id, found in names.items() if len(found) > 1]
    chosen = random.Random(seed).sample(sorted(several), count)
    works = {mal_id: Work(mal_id, sorted(names[mal_id].values(), key=len)) for mal_id in chosen}
    with gzip.open(folder / "jikan" / "anime_full.jsonl.gz", "rb") as file:
        for line in file:
            head = line[: line.index(b",")]
            mal_id = int(head.rpartition(b":")[2])
            if mal_id in works:
                works[mal_id].record = orjson.loads(line)
    return [work for work in works.values() if work.record]
