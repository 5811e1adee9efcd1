"""`python -m bench.keeper`: somebody who keeps a long list, in a filled catalogue; what their calls cost inside the process.

Prints one JSON object: milliseconds (`heartbeat`, `list_page`, `list_api`, `statistics`: p50 and p95 of whole requests through
all middleware, without a network), seconds (`progress_import` of 5,000 rows; `list_import`: see `bench.list_import`),
queries (`heartbeat_queries` of the service), `entries` on the list.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from bench.list_import import import_seconds
from bench.timing import answered, queries_of, timed

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User

LONG_LIST, FILE = 3_000, 5_000


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    call_command("collectstatic", interactive=False, verbosity=0)
    known = _anime()
    keeper = _person("keeper", known[:LONG_LIST])
    client = Client(headers={"Host": "localhost"})
    client.force_login(keeper)
    report = {
        "entries": LONG_LIST,
        **_heartbeats(client, keeper, known),
        **_reads(client, keeper),
        "progress_import": _progress_import(client, known),
        "list_import": import_seconds(FILE),
    }
    sys.stdout.write(orjson.dumps(report).decode() + "\n")


def _anime() -> "list[tuple[int, str, str, int]]":
    """(our id, MAL id, title, episodes) of anime with a MAL id and a known number of episodes."""
    from catalog.models import ExternalId, Site

    rows = ExternalId.objects.filter(site=Site.MAL, anime__episode_count__gte=1, anime__merged_into=None)
    found = rows.exclude(anime__visibility="hidden").order_by("-anime__popularity", "anime_id")
    return list(found.values_list("anime_id", "value", "anime__title", "anime__episode_count")[:FILE])


def _person(name: str, anime: "list[tuple[int, str, str, int]]") -> "User":
    """Somebody with these on the list: a mix of statuses, scores, some words."""
    from accounts.models import User
    from catalog.facade import ratings_set
    from lists.models import EntryStatus, EntryTag, ListEntry

    user = User.objects.create_user(name, f"{name}@example.invalid")
    statuses = EntryStatus.values
    entries = ListEntry.objects.bulk_create(
        [
            ListEntry(
                user=user,
                anime_id=row[0],
                status=statuses[place % 6],
                episodes_watched=row[3] // 2,
                finished_on="2025-04" if place % 6 == 2 else "",
            )
            for place, row in enumerate(anime)
        ],
        batch_size=500,
    )
    EntryTag.objects.bulk_create([EntryTag(entry=entry, name=f"word {n % 9}") for n, entry in enumerate(entries[::3])])
    ratings_set(user=user, scores={row[0]: 10 * (place % 11) for place, row in enumerate(anime) if place % 3})
    return user


def _heartbeats(client: "Client", keeper: "User", known: "list[tuple[int, str, str, int]]") -> dict[str, Any]:
    """Over fifty anime in turn, in the first half of the first episode: nothing is counted."""
    from lists.facade import progress_save

    def beat(turn: int) -> None:
        body = {"anime_id": known[turn % 50][0], "episode_num": 1, "timecode": 10 + turn % 500, "duration": 1440}
        answered(client.put("/api/v1/users/me/progress", body, content_type="application/json"))

    times = timed(400, beat)
    place = {"anime_id": known[0][0], "episode_number": 1, "position": 60, "duration": 1440}
    return {"heartbeat": times, "heartbeat_queries": queries_of(lambda: progress_save(user=keeper, **place))}


def _reads(client: "Client", keeper: "User") -> dict[str, Any]:
    pages = {
        "list_page": f"/users/{keeper.username}/list",
        "list_api": "/api/v1/anime-list?page_size=100",
        "statistics": f"/users/{keeper.username}/statistics",
    }
    return {name: timed(30, lambda _turn, path=path: answered(client.get(path))) for name, path in pages.items()}


def _progress_import(client: "Client", known: "list[tuple[int, str, str, int]]") -> float:
    moment = datetime.now(UTC) - timedelta(days=30)
    entries = [
        {
            "anime_id": row[0],
            "episode_num": 1,
            "timecode": 100 + place % 900,
            "duration": 1440,
            "updated_at": (moment + timedelta(seconds=place)).isoformat(),
        }
        for place, row in enumerate(known)
    ]
    began = time.perf_counter()
    done = client.post("/api/v1/users/me/progress/import", {"entries": entries}, content_type="application/json")
    took = time.perf_counter() - began
    assert answered(done).json()["dropped"] == 0, done.json()
    return took


if __name__ == "__main__":
    main()
