"""How much the embedded server takes on at once."""

from config.settings.environment import env

REQUEST_THREADS = env.int("REQUEST_THREADS", default=6)
REQUEST_BACKLOG = env.int("REQUEST_BACKLOG", default=256)  # waiting requests before 503
REQUEST_BODY_LIMIT = env.int("REQUEST_BODY_LIMIT", default=64 * 1024**2)  # bytes
WORKER_THREADS = env.int("WORKER_THREADS", default=3)
DEMO_DATA = env.bool("DEMO_DATA", default=True)  # load it into an empty catalogue
