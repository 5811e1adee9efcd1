"""The embedded process: checks, preparation, server, worker and beat, and their orderly end."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import sys
import threading
from typing import IO, NoReturn

from core.serve import preflight
from core.serve.threads import close_connections

STOP_SECONDS = 4.5  # the whole stop, whatever still runs
MALLOC_ARENAS = 2  # glibc keeps one heap a thread otherwise: 100 MB more with our number of threads


def up() -> NoReturn:
    """Serve until SIGINT or SIGTERM, then end the process with code 0 (2 when it could not start)."""
    try:
        _bound_memory()
        lock, host, port = _check()
        from core.serve.first_start import prepare

        prepare(_say)
        failure = _serve(host, port)
    except preflight.CannotStart as reason:
        _refuse(str(reason))
    except KeyboardInterrupt:
        _end(130)
    close_connections()
    if failure:
        _refuse(failure)
    lock.close()
    _end(0)


def _check() -> tuple[IO[str], str, int]:
    from django.conf import settings

    host, port = preflight.address(os.environ)
    preflight.check_data_dir(settings.DATA_DIR)
    lock = preflight.hold_data_dir(settings.DATA_DIR)
    preflight.check_port(host, port)
    preflight.check_database()
    preflight.check_broker()
    return lock, host, port


def _serve(host: str, port: int) -> str | None:
    """Run the server in this thread; the reason when it could not listen."""
    # Twisted's reactor is chosen by the first import of daphne's server, so that comes before all else.
    from django.conf import settings
    from django.utils.module_loading import import_string

    from core.serve.background import Background
    from core.serve.http_server import EmbeddedServer

    application = import_string(settings.ASGI_APPLICATION)
    http = application.application_mapping["http"]
    background = Background(threads=settings.WORKER_THREADS, media_threads=settings.MEDIA_THREADS)

    def ready() -> None:
        _say(f"Hiroba is at http://{_shown(host)}:{port}/   (Ctrl-C stops it)")
        background.start()

    def stop() -> None:
        background.stop(1.4)
        http.stop(0.5)

    bound = preflight.numeric(host)
    endpoint = f"tcp:port={port}:interface={bound.replace(':', chr(92) + ':')}:backlog=512"
    server = EmbeddedServer(
        application,
        endpoint=endpoint,
        body_limit=settings.REQUEST_BODY_LIMIT,
        on_ready=ready,
        on_stopping=_end_soon,
        on_stopped=stop,
    )
    server.run()
    return server.failure


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - only compared
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _refuse(line: str) -> NoReturn:
    sys.stderr.write(f"hiroba: {line}\n")
    _end(preflight.EXIT_CODE)


def _end_soon() -> None:
    """End the process `STOP_SECONDS` from now at the latest; tasks that are cut off go on at the next start."""
    guard = threading.Timer(STOP_SECONDS, _end, args=(0,))
    guard.daemon = True
    guard.start()


def _end(code: int) -> NoReturn:
    """End now: the interpreter's own way waits for every worker thread, however long its task takes."""
    with contextlib.suppress(Exception):
        logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code)


def _bound_memory() -> None:
    """Let all threads share few heaps (glibc only; elsewhere nothing happens)."""
    m_arena_max = -8
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(m_arena_max, MALLOC_ARENAS)
