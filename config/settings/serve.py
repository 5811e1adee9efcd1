"""How much the embedded server takes on at once."""

import os

from config.settings.environment import env

# Those this process may run on; macOS does not say which.
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

REQUEST_THREADS = env.int("REQUEST_THREADS", default=6)
REQUEST_BACKLOG = env.int("REQUEST_BACKLOG", default=256)  # waiting requests before 503
REQUEST_BODY_LIMIT = env.int("REQUEST_BODY_LIMIT", default=64 * 1024**2)  # bytes
WORKER_THREADS = env.int("WORKER_THREADS", default=3)
MEDIA_THREADS = env.int("MEDIA_THREADS", default=4)  # downloads, scans, pictures of files
DEMO_DATA = env.bool("DEMO_DATA", default=True)  # load it into an empty catalogue

# Where anybody may have a password hashed (each takes a core for some 25 ms): POSTs to these have threads of their own,
# here and in deploy/nginx.conf. One thread more than cores, so that the database is asked while others hash.
HASHING_PATHS = frozenset(
    {
        "/api/v1/auth/login",
        "/api/v1/auth/register",
        "/api/v1/auth/reset-password",
        "/accounts/login/",
        "/accounts/signup/",
    }
)
HASHING_THREADS = CORES + 1
HASHING_BACKLOG = 32 * HASHING_THREADS  # waiting requests before 503
