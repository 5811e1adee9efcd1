"""`python -m bench.people N`: N people of a fixed seed in an empty table, and what measures of sign-in and search need.

Everybody's password is PASSWORD and everybody shares its one hash: twenty thousand of them would take ten minutes. Prints
one JSON object: `logins` (usernames), `ids`, `searches` (what people type), `tokens` (access tokens of eight people), and
what is measured in the process itself, in CPU time: `hash_ms` (one password check), `check_ms` (one access token, from text
to person); and `queries` (database queries of one request by path).
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from accounts.models import User

PASSWORD = "a passphrase for benchmarks"
SEED = 3
_BEGINS = [
    "aka", "hana", "yuki", "sora", "kaze", "mizu", "tsuki", "hoshi", "umi", "mori",
    "kage", "hika", "rei", "sen", "kuro", "shiro", "nao", "tora", "fuyu", "haru",
]  # fmt: skip
_ENDS = [
    "chan", "maru", "suke", "kawa", "hara", "moto", "yama", "neko", "shima", "mura",
    "saki", "tani", "zaki", "beru", "dono", "gawa", "oka", "ume", "tora", "bashi",
]  # fmt: skip
_WORDS = [
    "anime", "manga", "drama", "горы", "море", "весна", "осень", "зима", "лето", "дождь",
    "небо", "東京", "桜", "月", "星", "風", "海", "music", "cats", "tea",
    "ramen", "trains", "rain",
]  # fmt: skip


def names(rng: random.Random) -> Iterator[str]:
    """Endless usernames of which no two look alike (`accounts.lookalikes`)."""
    from accounts.lookalikes import skeleton_of

    seen: set[str] = set()
    while True:
        name = rng.choice(_BEGINS) + rng.choice(["", "_"]) + rng.choice(_ENDS)
        name += str(rng.randrange(10_000)) if rng.random() < 0.9 else ""
        name = name.title() if rng.random() < 0.2 else name
        if (skeleton := skeleton_of(name)) not in seen:
            seen.add(skeleton)
            yield name


def people(number: int) -> "Iterator[User]":
    """Unsaved people: a tenth suspended, hidden or unverified as they come in life, bios in three scripts."""
    from django.contrib.auth.hashers import make_password

    from accounts.models import User
    from accounts.visibility import Visibility

    rng, hashed = random.Random(SEED), make_password(PASSWORD)
    first = datetime(2024, 1, 1, tzinfo=UTC)
    for name in islice(names(rng), number):
        joined = first + timedelta(minutes=rng.randrange(1_000_000))
        user = User(
            username=name,
            email=f"{name.lower()}@example.org",
            password=hashed,
            display_name=" ".join(rng.sample(_WORDS, 2)) if rng.random() < 0.6 else "",
            bio=" ".join(rng.choices(_WORDS, k=rng.randrange(0, 30))),
            is_verified=rng.random() < 0.8,
            is_active=rng.random() < 0.98,
            profile_visibility=rng.choices(list(Visibility), [8, 1, 1])[0],
            date_joined=joined,
            last_seen_at=joined + timedelta(days=rng.randrange(300)),
        )
        user.search_name = user.search_name_made()
        yield user


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from accounts.models import User
    from accounts.services.sessions import session_start

    User.objects.bulk_create(people(int(sys.argv[1])), batch_size=1000, ignore_conflicts=True)
    found = User.objects.filter(is_active=True, email__endswith="@example.org").order_by("username")
    rows = list(found.values_list("username", "pk"))
    rng = random.Random(SEED)
    rng.shuffle(rows)
    first = User.objects.filter(pk__in=[pk for _name, pk in rows[:8]])
    tokens = [session_start(user=user, device="bench", address="127.0.0.1").access_token for user in first]
    ids = [str(pk) for _name, pk in rows]
    report = {
        "logins": [name for name, _pk in rows],
        "ids": ids,
        "searches": [rng.choice(_BEGINS + _ENDS + _WORDS)[: rng.randrange(2, 6)] for _turn in range(400)],
        "tokens": tokens,
        "hash_ms": _hash_ms(),
        "check_ms": _check_ms(tokens),
        "queries": _queries(tokens[0], ["/api/v1/auth/me", "/api/v1/users/batch?ids=" + ",".join(ids[:200])]),
    }
    sys.stdout.write(orjson.dumps(report).decode() + "\n")


def _median_ms(turns: int, work: Callable[[int], object]) -> float:
    times = []
    for turn in range(turns):
        began = time.process_time()
        work(turn)
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def _hash_ms() -> float:
    from django.contrib.auth.hashers import check_password, make_password

    hashed = make_password(PASSWORD)
    return _median_ms(15, lambda _turn: check_password(PASSWORD, hashed))


def _check_ms(tokens: Sequence[str]) -> float:
    from accounts.selectors.sessions import session_by_access_token

    return _median_ms(400, lambda turn: session_by_access_token(tokens[turn % len(tokens)]))


def _queries(token: str, paths: Sequence[str]) -> dict[str, int]:
    """Queries of the second request of each path: the first one fills what a process keeps."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, found = Client(headers={"Authorization": f"Bearer {token}", "Host": "localhost"}), {}
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        assert response.status_code == 200, response.content
        found[path.partition("?")[0]] = len(captured)
    return found


if __name__ == "__main__":
    main()
