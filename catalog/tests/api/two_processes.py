"""Run by test_no_stale_reads: one process writes, another reads through its own response cache, on one SQLite file with its tables.

Exits with 1 when a read that began after a write had returned gives something else than the write.
"""

import os
import sys
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

ROUNDS = 150


def read_on_demand(asked: Connection) -> None:
    """The reader: answers each address with the body that its WSGI application gives, and the hits of its cache."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    from config.wsgi import application

    # Imports models, so only once the application has set Django up.
    from catalog.tests.api.test_no_stale_reads import ask  # isort: skip

    while address := asked.recv():
        asked.send((ask(application, address)[1], application.figures.hits))


def main() -> int:
    """The writer."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()

    from catalog.models import Anime
    from catalog.services.changes import catalog_touch

    anime = Anime.objects.create(title="First")
    catalog_touch(anime_ids=[anime.pk])
    here, there = get_context("spawn").Pipe()
    reader = get_context("spawn").Process(target=read_on_demand, args=(there,), daemon=True)
    reader.start()
    address, hits = f"/api/v1/anime/{anime.pk}", 0
    for number in range(ROUNDS):
        title = f"Title {number} of many"
        Anime.objects.filter(pk=anime.pk).update(title=title)
        catalog_touch(anime_ids=[anime.pk])
        for _ in range(3):
            here.send(address)
            body, hits = received(here)
            if title.encode() not in body:
                sys.stdout.write(f"round {number}: stale: {body[:200]!r}\n")
                return 1
    here.send("")
    if hits < ROUNDS:
        sys.stdout.write(f"only {hits} hits\n")
        return 1
    sys.stdout.write("agreed\n")
    return 0


def received(here: Connection) -> tuple[bytes, Any]:
    """The reader's answer; an exception when it takes longer than a minute."""
    if not here.poll(60):
        raise TimeoutError("the reader does not answer")
    return here.recv()


if __name__ == "__main__":
    sys.exit(main())
