"""Celery's workers and beat as threads of the embedded process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from celery import Celery

logger = logging.getLogger(__name__)

QUEUES = ("default", "providers")
MEDIA_QUEUES = ("media",)
"""What runs for minutes or hours has threads of its own: a mail must not wait for a download."""


class Background:
    """Workers and beat: `start` returns at once, `stop` waits for running tasks up to a limit.

    A task that is cut off by the end of the process loses nothing: work that matters is a Job row, and its lease
    lets the next start pick it up.
    """

    def __init__(self, *, threads: int, media_threads: int) -> None:
        self.threads = threads
        self.media_threads = media_threads
        self._beat: Any = None
        self._making = threading.Lock()
        self._started: list[threading.Thread] = []

    def start(self) -> None:
        """Start both threads."""
        for chatty in ("celery", "kombu", "django_celery_beat"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        # It warns that the in-memory broker has no host name.
        logging.getLogger("kombu.connection").setLevel(logging.ERROR)
        apps = _applications()
        runs: tuple[tuple[str, Callable[[], None]], ...] = (
            ("worker", lambda: self._run_worker(apps[0], "embedded", QUEUES, self.threads)),
            ("media", lambda: self._run_worker(apps[1], "media", MEDIA_QUEUES, self.media_threads)),
            ("beat", self._run_beat),
        )
        for name, run in runs:
            thread = threading.Thread(target=run, name=name, daemon=True)
            thread.start()
            self._started.append(thread)

    def stop(self, seconds: float) -> bool:
        """Take no more tasks and wait up to `seconds` for running ones. True when all came to their end."""
        from celery.worker import state

        state.should_stop = 0
        if self._beat is not None:
            self._beat.stop()
        for thread in self._started:
            thread.join(seconds / len(self._started))
        return not any(thread.is_alive() for thread in self._started)

    def _run_worker(self, app: Celery, name: str, queues: tuple[str, ...], threads: int) -> None:
        try:
            # Making one imports every module of tasks: the other would find half of them registered.
            with self._making:
                worker = app.WorkController(
                    app=app,
                    pool_cls="threads",
                    concurrency=threads,
                    queues=list(queues),
                    loglevel="WARNING",
                    # With Redis a worker would set up kombu's event loop, of which a process has one.
                    use_eventloop=False,
                    without_heartbeat=True,
                    without_mingle=True,
                    without_gossip=True,
                    hostname=f"{name}@hiroba",
                )
            worker.start()
        except Exception:
            logger.exception("the worker stopped; tasks wait until the next start")

    def _run_beat(self) -> None:
        from celery import current_app as app
        from celery.beat import Service

        try:
            self._beat = Service(app, scheduler_cls=app.conf.beat_scheduler)
            self._beat.start(embedded_process=False)
        except Exception:
            logger.exception("beat stopped; periodic tasks wait until the next start")


def _applications() -> tuple[Celery, Celery]:
    """The site's own and another like it: which queues are read is remembered by the application, not by its worker."""
    from celery import Celery, current_app

    other = Celery("hiroba-media", set_as_current=False)
    other.config_from_object("django.conf:settings", namespace="CELERY")
    other.autodiscover_tasks()
    return current_app._get_current_object(), other
