"""The part of `make bench` about the community: reading and writing among 20,000 people and 500,000 comments on PostgreSQL."""

from pathlib import Path

import orjson

from bench.goals import Goal, table
from bench.imports import manage, records_folder
from bench.modules import module_run
from bench.report import say

SHOWN = (
    "thread_best", "thread_new", "thread_old", "thread_controversial", "thread_service", "thread_page", "replies",
    "community", "unread", "unread_service", "notifications", "feed", "feed_many", "feed_quiet", "feed_few", "feed_public",
    "comment", "post",
)  # fmt: skip


def social(*, data: Path, database: str) -> list[Goal]:
    """Fill the database with `make_load --scale 1`, then measure inside the process."""
    folder, source = data / "postgres", records_folder()
    texts = ["--texts", str(source / "chat")] if source is not None else []
    said, seconds, _cpu, _peak = manage("make_load", "--force", *texts, data=folder, database=database)
    say(f"\nmake_load: {said.strip().splitlines()[-1]}, {seconds:.0f} s")
    found = orjson.loads(module_run("bench.talkers", folder, database).splitlines()[-1])
    rows = [
        [name, *(f"{found[name][share]:.1f} ms" if share in found[name] else "" for share in ("p50", "p95", "cold"))]
        for name in SHOWN
    ]
    say("\n" + table(["community, PostgreSQL", "p50", "p95", "first request"], rows))
    sorts = [name for name in SHOWN if name.startswith("thread_") and name not in ("thread_service", "thread_page")]
    slowest = max(found[name]["p95"] for name in sorts)
    feeds = [name for name in SHOWN if name.startswith("feed") and name != "feed_public"]
    return [
        Goal(f"first page of a thread of {found['comments_of_thread']:,}, p95, slowest sort", slowest, 40, " ms"),
        Goal("first page of that thread, queries", found["thread_queries"], 7, ""),
        Goal("unread count p95", found["unread_service"]["p95"], 3, " ms"),
        Goal("unread count, queries", found["unread_queries"], 2, ""),
        Goal("feed of friends p95, slowest reader", max(found[name]["p95"] for name in feeds), 40, " ms"),
        Goal("writing a comment p95", found["comment"]["p95"], 40, " ms"),
        Goal("writing a post p95", found["post"]["p95"], 40, " ms"),
    ]
