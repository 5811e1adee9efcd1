"""The enrichment of a whole provider: real titles, two sites and the metadata services stood in for on this machine.

`python -m bench.enrichment --count 500` in a `DATA_DIR` or `DATABASE_URL` that holds a copy of the catalogue, for it begins by
forgetting every title and snapshot there. It tells what was matched, what waits and what is wrong (the crowd's ids are
known), and the processor's time of one enrichment.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import django
import orjson

from bench.real_data import data_folder_needed

ROOT = Path(__file__).resolve().parent.parent
SITES = ("animasu", "samehadaku")
SERVICES = {"jikan": "/v4", "anilist": "/graphql", "kitsu": "/api/edge", "shikimori": "/api"}


@contextmanager
def served(module: str, port: int, *options: str) -> Iterator[None]:
    """A server of `bench` as a process, ready when it has printed its first line."""
    server = subprocess.Popen(
        [sys.executable, "-m", module, "--port", str(port), *options], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        server.stdout.readline()
        yield
    finally:
        server.kill()
        server.wait()


def main() -> None:
    """Print the report as one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--paced", action="store_true", help="keep the services' own rates")
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--sites-port", type=int, default=8901)
    parser.add_argument("--services-port", type=int, default=8899)
    options = parser.parse_args()
    with ExitStack() as stack:
        stack.enter_context(served("bench.provider_site", options.sites_port, "--count", str(options.count)))
        stack.enter_context(served("bench.stand_in", options.services_port))
        django.setup()
        print(orjson.dumps(_run(options), option=orjson.OPT_INDENT_2).decode())


def providers_prepare(*, sites_port: int, services_port: int, is_paced: bool) -> None:
    """Switch the sites and the services on, at this machine; nothing else is asked."""
    from providers.fetching.network import network_set
    from providers.metadata.clients import client_of
    from providers.models import Provider
    from providers.services.providers import providers_register
    from providers.tests.standin.network import LocalNetwork

    network_set(LocalNetwork())
    providers_register()
    Provider.objects.update(is_enabled=False)
    for place, name in enumerate(SITES):
        address = f"http://127.0.0.1:{sites_port + place}"
        interval = 1.0 if is_paced else 0.0005
        Provider.objects.filter(name=name).update(base_url=address, is_enabled=True, interval_seconds=interval)
    for name, path in SERVICES.items():
        changes = {"base_url": f"http://127.0.0.1:{services_port}{path}", "is_enabled": True}
        if not is_paced:
            type(client_of(name)).rates = ()
            changes["interval_seconds"] = 0.0005
        Provider.objects.filter(name=name).update(**changes)


def _run(options: argparse.Namespace) -> dict[str, object]:
    from bench.provider_site import slug_of
    from bench.provider_titles import works_read
    from providers.matching.matcher import matcher
    from providers.models import Enrichment, MetadataSnapshot, Provider, ProviderTitle
    from providers.services.enrichment import enrichment_request
    from providers.services.titles import title_open

    providers_prepare(sites_port=options.sites_port, services_port=options.services_port, is_paced=options.paced)
    ProviderTitle.objects.all().delete()
    MetadataSnapshot.objects.all().delete()
    Enrichment.objects.all().delete()
    works = works_read(data_folder_needed(), options.count)
    expected = {slug_of(work.names[0], work.mal_id): work.mal_id for work in works}
    matcher()
    provider = Provider.objects.get(name=SITES[0])
    asked = [enrichment_request(key_of=title_open(provider=provider, slug=slug)) for slug in expected]
    started, processor = time.monotonic(), time.process_time()
    with ThreadPoolExecutor(options.workers) as pool:
        list(pool.map(_job_run, [row.job_id for row in asked]))
    seconds, used = time.monotonic() - started, time.process_time() - processor
    return {
        "titles": len(asked),
        "seconds": round(seconds, 1),
        "processor_ms_each": round(1000 * used / len(asked), 1),
        **_report(works),
    }


def _job_run(job_id: object) -> None:
    from django.db import connections

    from core.jobs.services import job_run

    try:
        job_run(job_id=str(job_id))
    finally:
        connections.close_all()


def _report(works: list) -> dict[str, object]:
    """What came of it at each site, by the ids that are known."""
    from bench.provider_site import slug_of
    from catalog.facade import external_ids_of
    from core.models import Job
    from providers.models import Enrichment, MatchState, MetadataSnapshot, ProviderEpisode, ProviderTitle

    truth = {(SITES[0], slug_of(work.names[0], work.mal_id)): work.mal_id for work in works} | {
        (SITES[1], slug_of(work.names[-1], work.mal_id)): work.mal_id for work in works
    }
    rows = list(ProviderTitle.objects.select_related("provider"))
    ids = external_ids_of({row.anime_id for row in rows if row.anime_id}, sites=["mal"])
    counted: dict[str, Counter] = {name: Counter() for name in SITES}
    wrong = []
    for row in rows:
        found = counted[row.provider.name]
        found[row.match_state] += 1
        right = str(truth.get((row.provider.name, row.slug), ""))
        if row.match_state == MatchState.AUTO and right not in ids.get(row.anime_id, {}).get("mal", []):
            found["wrong"] += 1
            wrong.append(f"{row.provider.name}: {row.title} → {row.anime_id} ({row.confidence})")
        if row.match_state == MatchState.QUEUED and row.candidates:
            best = external_ids_of([row.candidates[0]["anime_id"]], sites=["mal"])
            found["queued_best_right"] += right in next(iter(best.values()), {}).get("mal", [])
    problems: Counter = Counter()
    for result in Enrichment.objects.values_list("result", flat=True):
        problems.update(f"{one['provider']}: {one['code']}" for one in result.get("problems", []))
    return {
        "sites": {name: dict(found) for name, found in counted.items()},
        "wrong": wrong[:20],
        "problems": dict(problems),
        "snapshots": dict(Counter(MetadataSnapshot.objects.values_list("source", flat=True))),
        "episodes": ProviderEpisode.objects.count(),
        "jobs": dict(Counter(Job.objects.filter(kind="providers.enrich").values_list("state", flat=True))),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    main()
