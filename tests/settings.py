"""The project's settings with what tests change: a data folder of their own, cheap hashing, mail kept in memory.

`DATABASE_URL` and `REDIS_URL` are honoured as everywhere (scripts/test.py sets them for its second round); each xdist
worker takes the Redis database of its own number.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_worker = os.environ.get("PYTEST_XDIST_WORKER", "")

_folder = tempfile.mkdtemp(prefix=f"hiroba-test-{_worker}-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["DATA_DIR"] = _folder
(Path(_folder) / "static").mkdir()

if _worker and os.environ.get("REDIS_URL"):
    _address, _, _number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{_address}/{int(_worker.removeprefix('gw')) + 1}"

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STORAGES  # noqa: E402

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Argon2 as in production, with the smallest cost it accepts: a sign-in takes microseconds instead of 50 ms.
PASSWORD_HASHERS = ["tests.hashers.CheapArgon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
# The manifest exists only after collectstatic, which tests do not run.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOG_LEVEL = "WARNING"
# One provider is offered, so that its buttons and routes are there; nothing answers for it.
OAUTH_CLIENTS = {"google": ("tests-client", "tests-secret")}

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file as in production: the shared in-memory database has table locks that no user ever meets.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}
elif template := os.environ.get("TEST_TEMPLATE"):
    # A migrated database without rows, on the server that scripts/test.py started: what is made anew is a copy of it.
    DATABASES["default"]["TEST"] = {"TEMPLATE": template}
