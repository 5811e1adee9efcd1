"""The sweep over many anime: processor's time and queries each with the rates lifted, requests a minute with Jikan's own.

`python -m bench.enrichment_refresh --count 1000 [--seconds 60]` in a `DATA_DIR` or `DATABASE_URL` that holds the catalogue,
with `HIROBA_DATA` for the stand-in. `--seconds` > 0 asks Jikan alone at its published rate for so long instead.
"""

import argparse
import os
import time
from contextlib import suppress
from typing import Any

import django
import orjson

from bench.enrichment import SERVICES, providers_prepare, served
from bench.goals import Goal, goals_tell


def main() -> None:
    """Print the report as one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=0.0, help="keep Jikan's rate, ask for so long")
    parser.add_argument("--only", choices=SERVICES, help="this service alone")
    parser.add_argument("--port", type=int, default=8899)
    options = parser.parse_args()
    with served("bench.stand_in", options.port):
        django.setup()
        report = (
            _paced(options) if options.seconds else {"first": _swept(options), "again, forced": _swept(options, True)}
        )
        print(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
        if not options.seconds:
            goals_tell([Goal("CPU to enrich an anime, four services", report["first"]["processor_ms_each"], 15, " ms")])


def _swept(options: argparse.Namespace, is_forced: bool = False) -> dict[str, Any]:
    """All of `count` anime once; the second time everything is confirmed (304)."""
    from django.db import connection
    from django.utils import timezone

    from providers.models import MetadataSnapshot, Provider
    from providers.services.refresh import anime_ids_due, anime_refresh

    providers_prepare(sites_port=1, services_port=options.port, is_paced=False)
    Provider.objects.filter(name__in=("animasu", "samehadaku")).update(is_enabled=False)
    if options.only:
        Provider.objects.exclude(name=options.only).update(is_enabled=False)
    if is_forced:
        anime_ids = list(
            MetadataSnapshot.objects.exclude(anime=None).order_by("anime").values_list("anime", flat=True).distinct()
        )
    else:
        MetadataSnapshot.objects.all().delete()
        anime_ids = anime_ids_due(limit=options.count)
    counted = [0]

    def count(execute: Any, *given: Any) -> Any:
        counted[0] += 1
        return execute(*given)

    began, processor = time.monotonic(), time.process_time()
    with connection.execute_wrapper(count):
        refreshed = anime_refresh(anime_ids=anime_ids, started_at=timezone.now(), is_forced=is_forced)
    used, seconds = time.process_time() - processor, time.monotonic() - began
    return {
        "anime": refreshed.done,
        "processor_ms_each": round(1000 * used / max(1, refreshed.done), 2),
        "queries_each": round(counted[0] / max(1, refreshed.done), 1),
        "seconds": round(seconds, 1),
        "counts": refreshed.counts,
    }


def _paced(options: argparse.Namespace) -> dict[str, Any]:
    """Requests a minute that the stand-in saw of Jikan's client, which keeps its own rate."""
    from django.db.models import Sum
    from django.utils import timezone

    from providers.metadata.clients import client_of
    from providers.models import HostHour, MetadataSnapshot, Provider
    from providers.services.refresh import anime_ids_due, anime_refresh

    rates = type(client_of("jikan")).rates
    providers_prepare(sites_port=1, services_port=options.port, is_paced=True)
    Provider.objects.exclude(name="jikan").update(is_enabled=False)
    assert type(client_of("jikan")).rates == rates
    MetadataSnapshot.objects.all().delete()
    HostHour.objects.all().delete()
    until = time.monotonic() + options.seconds

    class Over(Exception):
        pass

    def stop() -> None:
        if time.monotonic() > until:
            raise Over

    anime_ids = anime_ids_due()
    began, processor = time.monotonic(), time.process_time()
    with suppress(Over):
        anime_refresh(anime_ids=anime_ids, started_at=timezone.now(), beat=stop)
    seconds, used = time.monotonic() - began, time.process_time() - processor
    asked = HostHour.objects.aggregate(sum=Sum("requests"))["sum"]
    return {
        "seconds": round(seconds, 1),
        "asked": asked,
        "asked_a_minute": round(60 * asked / seconds, 1),
        "processor_ms_each": round(1000 * used / asked, 1),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    main()
