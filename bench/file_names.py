"""`python -m bench.file_names`: how many real file names are read right, and how many a second.

The names are `filenames/*.jsonl` of HIROBA_DATA. A row counts as right when its title is exactly the expected one and so is its
episode (both ends of a range, "7.5" and "9a" as they are; none where none is expected). The rules were first written on one half
of the names (`is_tuning`) with the other only counted. `--wrong` lists what is wrong, `--other` counts anitomy-ng beside it.
Times are CPU seconds of one process.
"""

import argparse
import json
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.goals import Goal, goals_tell
from bench.real_data import data_folder_needed
from bench.report import say
from downloads.names.parser import name_parse

SETS = ("anitomy", "anitopy", "anitopy-known-failing")
ROUNDS = 10
# A row's title and the texts of its episodes.
Answer = tuple[str, list[str]]


def rows_read(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a set: `filename` and `expected`."""
    lines = (folder / "filenames" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def is_tuning(filename: str) -> bool:
    """Whether a name belongs to the half that the rules were first written on."""
    return zlib.crc32(filename.encode()) % 2 == 0


def expected_of(row: dict[str, Any]) -> Answer:
    """What the set says of a row."""
    told = row["expected"].get("episode")
    texts = [] if told is None else told if isinstance(told, list) else [told]
    return row["expected"].get("title", ""), [_plain(text) for text in texts]


def answer_of(name: str) -> Answer:
    """What `name_parse` says."""
    parsed = name_parse(name)
    if parsed.episodes is None:
        return parsed.title, []
    if parsed.number:
        return parsed.title, [_plain(parsed.number)]
    return parsed.title, [str(number) for number in dict.fromkeys(parsed.episodes)]


def other_of(name: str) -> Answer:
    """What anitomy-ng says."""
    import anitomy_ng

    found: dict[str, list[str]] = {}
    for element in anitomy_ng.parse(name):
        found.setdefault(element.kind.value, []).append(element.value)
    return " ".join(found.get("title", [])), [_plain(text) for text in found.get("episode", [])]


def count(rows: list[dict[str, Any]], answer: Callable[[str], Answer]) -> list[dict[str, Any]]:
    """The rows that are answered wrong."""
    return [row for row in rows if answer(row["filename"]) != expected_of(row)]


def _plain(text: str) -> str:
    """In lower case and without leading zeros: "07.5" is "7.5"."""
    text = text.lower()
    head = len(text) - len(text.lstrip("0"))
    return text[head:] if head < len(text) and text[head].isdigit() else text[max(0, head - 1) :]


def rate(names: list[str]) -> float:
    """Names read in a second of CPU time, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for name in names:
            name_parse(name)
        best = min(best, time.process_time() - start)
    return len(names) / best


def main(arguments: list[str] | None = None) -> None:
    """Print the figures and whether the goals of issue 7 are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wrong", action="store_true", help="list the names that are read wrong")
    parser.add_argument("--other", action="store_true", help="count anitomy-ng as well")
    options = parser.parse_args(arguments)
    folder = data_folder_needed()
    right = total = 0
    for name in SETS:
        rows = rows_read(folder, name)
        wrong = count(rows, answer_of)
        tuning = [row for row in rows if is_tuning(row["filename"])]
        tuning_wrong = sum(is_tuning(row["filename"]) for row in wrong)
        say(
            f"{name}: {len(rows) - len(wrong)} of {len(rows)} right ({len(tuning) - tuning_wrong} of {len(tuning)} in the first half,"
            f" {len(rows) - len(tuning) - len(wrong) + tuning_wrong} of {len(rows) - len(tuning)} in the other)"
        )
        if options.other:
            say(f"  anitomy-ng: {len(rows) - len(count(rows, other_of))} of {len(rows)}")
        for row in wrong if options.wrong else ():
            say(f"  {row['filename']}\n    expected {expected_of(row)}\n    got      {answer_of(row['filename'])}")
        if name != SETS[2]:
            right, total = right + len(rows) - len(wrong), total + len(rows)
    speed = rate([row["filename"] for row in rows_read(folder, SETS[0])])
    say(f"together {100 * right / total:.1f} % of {total}, {speed:,.0f} names a second")
    goals_tell(
        [
            Goal("file names read right", 100 * right / total, 97, " %", is_floor=True),
            Goal("file names a second", speed, 10_000, "/s", is_floor=True),
        ]
    )


if __name__ == "__main__":
    main()
