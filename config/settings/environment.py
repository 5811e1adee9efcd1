"""What the environment says: where data lives, the secret key, debug, hosts."""

import secrets
import sys
from pathlib import Path

import environ

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).expanduser().resolve()
TESTING = "pytest" in sys.modules

DEBUG = env.bool("DEBUG", default=False)


def _kept_secret_key() -> str:
    """The key given by the environment, else the one kept in DATA_DIR (made on first use, mode 0600).

    An unwritable DATA_DIR is not reported here: `manage.py up` says so in one clear line with exit code 2.
    """
    if given := env.str("SECRET_KEY", default=""):
        return given
    path = DATA_DIR / "secret_key"
    try:
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="ascii") as file:
                path.chmod(0o600)
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass
        if key := path.read_text(encoding="ascii").strip():
            return key
    except OSError:
        pass
    return secrets.token_urlsafe(64)


SECRET_KEY = _kept_secret_key()
# Keys of before a change: what they sealed and signed stays readable (core/secrets.py).
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# An operator who names no hosts runs on localhost or a home network; behind a public name they set ALLOWED_HOSTS.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")
_BIND = env.str("HOST", default="127.0.0.1")
# What links in mails begin with: never the Host header of a request, which anybody can write.
LINK_BASE = f"http://{'localhost' if _BIND in ('0.0.0.0', '::', '') else _BIND}:{env.str('PORT', default='8000')}"  # noqa: S104
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL] if PUBLIC_URL else [])

REDIS_URL = env.str("REDIS_URL", default="")
DATABASE_URL = env.str("DATABASE_URL", default="")
EMBEDDED = not REDIS_URL
