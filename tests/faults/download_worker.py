"""A worker of downloads that is a process of its own, to be killed: `python -m tests.faults.download_worker …` in a `DATA_DIR`.

`prepare --url …` makes an anime with an episode there and queues it, printing the download's id. `work --lease 12` looks at the
queue and does its jobs, as the clock and Celery do, until killed; `--die` kills it at a line (see `DEATHS`), `--until-idle`
ends it when nothing is left to do, with the nightly cleaning; `--again` then queues the episode once more. Names of hosts all
lead to this machine.
"""

import argparse
import os
import signal
import sys
import time
from collections import deque
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

TICK_SECONDS = 0.25
DEATHS: dict[str, tuple[str, str]] = {
    "before_target": ("downloads.placing.disk", "file_publish"),
    "after_rename": ("downloads.queue.placing", "file_index"),
    "before_commit": ("downloads.queue.placing", "assets_enqueue"),
    "after_commit": ("downloads.queue.placing", "parts_remove"),
}
"""Names of lines: the module and its function in whose place the worker dies."""


def main() -> None:
    """Prepare, or work."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("task", choices=("prepare", "work"))
    reader.add_argument("--url", default="")
    reader.add_argument("--parallel", type=int, default=2)
    reader.add_argument("--lease", type=float, default=12.0, help="seconds")
    reader.add_argument("--long-lease", type=float, default=0.0, help="seconds, of stages that cannot report")
    reader.add_argument("--retry", type=float, default=0.0, help="seconds until a failed attempt is repeated")
    reader.add_argument("--die", choices=sorted(DEATHS), default="")
    reader.add_argument("--until-idle", action="store_true")
    reader.add_argument("--again", action="store_true")
    given = reader.parse_args()
    import django

    django.setup()
    from downloads import hosts
    from downloads.tests.network import HereNetwork

    hosts.network_set(HereNetwork())
    if given.task == "prepare":
        say(prepare(given.url, given.parallel))
    else:
        work(given)


def say(text: str) -> None:
    """A line for whoever started this."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def prepare(url: str, parallel: int) -> str:
    """An episode at `url`, queued; the host is allowed, and takes part in no other download."""
    from catalog.models import Anime, Episode, EpisodeSource
    from downloads.configuration.changing import configuration_set
    from downloads.queue.enqueue import download_enqueue, source_kind_of

    allowed = {"allowed_hosts": [urlsplit(url).netloc], "free_space_floor": 0, "parallel_segments": parallel}
    configuration_set(None, allowed)
    anime = Anime.objects.create(title="Hoshi no Niwa", slug="hoshi-no-niwa", year=2020)
    episode = Episode.objects.create(anime=anime, number=1)
    EpisodeSource.objects.create(episode=episode, kind=source_kind_of(url), url=url)
    return str(download_enqueue(actor=None, anime_id=anime.pk, number=1).pk)


def work(given: argparse.Namespace) -> None:
    """The clock and the queue in one thread."""
    from core.jobs import registry, services
    from core.models import Job
    from downloads.models import LIVE_STATES, Download
    from downloads.queue import enqueue, outcomes, running
    from downloads.queue.dispatch import KIND
    from downloads.queue.reconciling import parts_trim
    from downloads.tasks import queue_tick

    due: deque[Any] = deque()

    def sent(*, job: Job) -> None:
        if job.kind == KIND:
            due.append(job.pk)

    services.job_send = sent
    enqueue.queue_hasten = lambda: None
    registry._leases[KIND] = timedelta(seconds=given.lease)
    if given.long_lease:
        running.LONG_LEASE = timedelta(seconds=given.long_lease)
    if given.retry:
        outcomes.FIRST_DELAY = given.retry
    if given.die:
        death(given.die)
    say("works")
    again = given.again
    while True:
        queue_tick()
        while due:
            services.job_run(job_id=due.popleft())
        if given.until_idle and not Download.objects.filter(state__in=LIVE_STATES).exists():
            parts_trim()
            say(outcome())
            if not again:
                return
            again = False
            enqueue.download_enqueue(actor=None, anime_id=Download.objects.get().anime_id, number=1)
        time.sleep(TICK_SECONDS)


def outcome() -> str:
    """What became of the last download: its state and the hash of its file, or its error."""
    from pathlib import Path

    from downloads.configuration.store import configuration
    from downloads.models import Download
    from downloads.placing.moving import file_checksum

    last = Download.objects.latest("created_at")
    if not last.path:
        return f"{last.state} {last.error_code}"
    return f"{last.state} {file_checksum(Path(configuration().anime_directory) / last.path.partition(':')[2])}"


def death(name: str) -> None:
    """Die in place of a function."""
    import importlib

    module, function = DEATHS[name]

    def die(*_given: object, **_named: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(importlib.import_module(module), function, die)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    main()
