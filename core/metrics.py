"""Prometheus metrics: counters and histograms of this process, or of all workers when PROMETHEUS_MULTIPROC_DIR is set."""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("hiroba_http_requests_total", "HTTP requests", ["method", "route", "status"])
SECONDS = Histogram(
    "hiroba_http_request_seconds",
    "Time from first to last line of Django",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
JOBS = Gauge("hiroba_jobs", "Jobs by state", ["state"], multiprocess_mode="mostrecent")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}


def request_observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request. Routes are patterns, methods a closed set: a caller cannot make new series without end."""
    key = (method if method in _METHODS else "OTHER", route, status)
    found = _children.get(key)
    if found is None:
        found = (REQUESTS.labels(key[0], route, str(status)), SECONDS.labels(route))
        _children[key] = found
    found[0].inc()
    found[1].observe(seconds)


def metrics_text() -> tuple[bytes, str]:
    """The exposition and its content type; job counts are read from the database at this moment."""
    from django.db.models import Count

    from core.models import Job, JobState

    counts = dict(Job.objects.values_list("state").annotate(Count("id")))
    for state in JobState:
        JOBS.labels(state.value).set(counts.get(state.value, 0))
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return generate_latest(registry), CONTENT_TYPE_LATEST
