"""The worker of `bench.media_fetch`: what `celery worker` loads, then one download for each address on standard input."""

import os
import sys
import time
from urllib.parse import urlsplit

from bench.report import say


def main() -> None:
    """Say that it is ready, then for each line the state, the seconds and the size of the file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from config.celery import app

    app.loader.import_default_modules()
    import celery.apps.worker  # noqa: F401 — what the command itself is made of

    from downloads import hosts
    from downloads.tests.network import HereNetwork

    hosts.network_set(HereNetwork())
    _quiet()
    say("ready")
    for number, line in enumerate(sys.stdin, 1):
        say(download(number, line.strip()))


def _quiet() -> None:
    """No messages to a broker: this process does the job itself."""
    from core.jobs import services
    from downloads.queue import enqueue

    services.job_send = lambda *, job: None
    enqueue.queue_hasten = lambda: None


def download(number: int, url: str) -> str:
    """Fetch the next episode of the one anime there is from `url`."""
    from catalog.models import Anime, Episode, EpisodeSource
    from core.jobs.services import job_run
    from downloads.configuration.changing import configuration_set
    from downloads.models import Download
    from downloads.queue.dispatch import queue_dispatch
    from downloads.queue.enqueue import download_enqueue, source_kind_of

    if number == 1:
        configuration_set(None, {"allowed_hosts": [urlsplit(url).netloc], "free_space_floor": 0})
    anime, _made = Anime.objects.get_or_create(title="Hoshi no Niwa", slug="hoshi-no-niwa", year=2020)
    episode = Episode.objects.create(anime=anime, number=number)
    EpisodeSource.objects.create(episode=episode, kind=source_kind_of(url), url=url)
    row = download_enqueue(actor=None, anime_id=anime.pk, number=number)
    began = time.monotonic()
    queue_dispatch()
    row.refresh_from_db()
    assert row.job_id is not None
    job_run(job_id=row.job_id)
    seconds = time.monotonic() - began
    done = Download.objects.get(pk=row.pk)
    _remove(done)
    return f"{done.state}{f':{done.error_code}' if done.error_code else ''} {seconds:.3f} {done.size}"


def _remove(done: object) -> None:
    """The file goes, or the disk fills up with the rounds."""
    from pathlib import Path

    from downloads.configuration.store import configuration

    for path in Path(configuration().anime_directory).rglob("*.mp4"):
        path.unlink()


if __name__ == "__main__":
    main()
