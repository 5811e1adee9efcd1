"""The worker of `bench.enrichment_faults`: a process that does due jobs in threads, as the sweeper and Celery do, until killed.

`python -m bench.enrichment_worker prepare --count 60` makes providers ready and asks for as many titles;
`… work --lease 20` works; both in the `DATA_DIR` and with the `REDIS_URL` of the environment.
"""

import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import django

from bench.enrichment import SITES, providers_prepare
from bench.real_data import data_folder_needed

WATCHER = "mika"
SWEEP_SECONDS = 0.5
NOTICE_SECONDS = 5.0


def main() -> None:
    """Prepare, or work until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=("prepare", "work"))
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--lease", type=float, default=20.0)
    parser.add_argument("--threads", type=int, default=6)
    parser.add_argument("--sites-port", type=int, required=True)
    parser.add_argument("--services-port", type=int, required=True)
    given = parser.parse_args()
    django.setup()
    providers_prepare(sites_port=given.sites_port, services_port=given.services_port, is_paced=False)
    _network_close()
    if given.task == "prepare":
        _ask(given.count)
    else:
        _lease_shorten(given.lease)
        _work(given.threads)


def _network_close() -> None:
    """Reach this machine and nothing else: posters lie at real hosts."""
    from core.egress import Network
    from providers.fetching.network import network_set

    class Loopback(Network):
        def resolve(self, host: str, port: int) -> list[str]:
            return ["192.0.2.1"]

        def address_allowed(self, address: str) -> bool:
            return address == "127.0.0.1"

    network_set(Loopback())


def _ask(count: int) -> None:
    """Ask for the first site's titles, and have somebody watch what they are: news of episodes are told, too."""
    from accounts.models import User
    from bench.provider_site import slug_of
    from bench.provider_titles import works_read
    from catalog.facade import anime_ids_by_external
    from lists.models import ListEntry
    from providers.models import Provider
    from providers.services.enrichment import enrichment_request
    from providers.services.titles import title_open
    from social.services.episode_releases import releases_scan

    works = works_read(data_folder_needed(), count)
    watcher = User.objects.create(username=WATCHER, email=f"{WATCHER}@example.org")
    found = anime_ids_by_external([("mal", str(work.mal_id)) for work in works])
    ids = sorted(set().union(*found.values()))
    ListEntry.objects.bulk_create(ListEntry(user=watcher, anime_id=anime_id, status="watching") for anime_id in ids)
    releases_scan()  # the first pass is the baseline, which tells nobody
    provider = Provider.objects.get(name=SITES[0])
    for work in works:
        enrichment_request(key_of=title_open(provider=provider, slug=slug_of(work.names[0], work.mal_id)))


def _lease_shorten(seconds: float) -> None:
    """Leases of so many seconds, and heartbeats as much more often."""
    from core.egress import pacing
    from core.jobs import registry
    from providers.enriching import run
    from providers.metadata import flights

    share = seconds / registry.LEASE.total_seconds()
    registry.LEASE = timedelta(seconds=seconds)
    run.BEAT_SECONDS *= share
    pacing.BEAT_SECONDS *= share
    flights._BEAT_SECONDS *= share


def _work(threads: int) -> None:
    from core.jobs import services
    from core.models import Job
    from social.services.episode_releases import releases_scan, releases_tell

    held: set[object] = set()
    pool = ThreadPoolExecutor(threads)

    def send(*, job: Job) -> None:
        if job.pk not in held:
            held.add(job.pk)
            pool.submit(_job_run, job.pk, held)

    services.job_send = send
    print("works", flush=True)
    noticed_at = 0.0
    while True:
        services.jobs_sweep()
        if time.monotonic() - noticed_at > NOTICE_SECONDS:
            releases_scan()
            releases_tell()
            noticed_at = time.monotonic()
        time.sleep(SWEEP_SECONDS)


def _job_run(job_id: object, held: set[object]) -> None:
    from django.db import connections

    from core.jobs.services import job_run

    try:
        job_run(job_id=str(job_id))
    finally:
        held.discard(job_id)
        connections.close_all()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    main()
