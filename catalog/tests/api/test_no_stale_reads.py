"""After a write has returned, no read through the response cache gives what was before it."""

import io
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from accounts.models import Role
from catalog.models import Anime, Visibility
from catalog.services.changes import catalog_touch
from catalog.services.ratings import rating_set
from catalog.services.timecodes import Spans, timecode_delete, timecode_set
from catalog.tests import factories
from core.http_cache import ResponseCache
from tests.services.databases import migrated_put


def ask(application: Callable[..., Iterable[bytes]], address: str) -> tuple[str, bytes]:
    """Status of an anonymous GET and, of a 200, its body (an error's body holds its request id)."""
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "", "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.version": (1, 0),
        "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    status: list[str] = []
    parts = application(environ, lambda line, headers, exc_info=None: status.append(line))
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return status[0], body if status[0].startswith("200") else b""


def write_something(chance: random.Random, anime: Anime, person: Any, step: int) -> None:
    """One random write through a service."""
    match chance.randrange(5):
        case 0:
            rating_set(user=person, anime_id=anime.pk, score=chance.choice([None, 10, 55, 100]))
        case 1:
            timecode_set(actor=person, anime=anime, episode_number=1, spans=Spans(step, step + 90))
        case 2:
            timecode_delete(anime=anime, episode_number=1)
        case 3:
            Anime.objects.filter(pk=anime.pk).update(title=f"Title {step}", popularity=step)
            catalog_touch(anime_ids=[anime.pk])
        case 4:
            chosen = chance.choice([Visibility.PUBLIC, Visibility.HIDDEN])
            Anime.objects.filter(pk=anime.pk).update(visibility=chosen)
            catalog_touch(anime_ids=[anime.pk])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_writes_and_reads_agree(seed: int) -> None:
    plain = get_wsgi_application()
    cached = ResponseCache(plain, size=4_000_000)
    chance = random.Random(seed)
    person = factories.UserFactory(role=Role.MODERATOR)
    shelf = factories.AnimeFactory.create_batch(3, mal_id=None)
    catalog_touch(anime_ids=[anime.pk for anime in shelf])
    addresses = ["/api/v1/anime", "/api/v1/anime?sort=title&page_size=2", "/api/v1/anime?cursor="]
    for anime in shelf:
        addresses += [f"/api/v1/anime/{anime.pk}{tail}" for tail in ("", "/timecodes", "/community-rating", "/related")]
    for step in range(60):
        if chance.random() < 0.4:
            write_something(chance, chance.choice(shelf), person, step)
        for address in chance.sample(addresses, 4):
            assert ask(cached, address) == ask(plain, address), (step, address)
    assert cached.figures.hits > 30


@pytest.mark.once
@pytest.mark.slow
def test_another_process_sees_the_write_before_the_writer_goes_on(tmp_path: Path) -> None:
    data = str(migrated_put(tmp_path))
    environment = {**os.environ, "DATA_DIR": data, "DATABASE_URL": "", "REDIS_URL": "", "DEMO_DATA": "0"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "catalog.tests.api.two_processes"],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("agreed")
