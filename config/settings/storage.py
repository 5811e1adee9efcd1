"""Database, cache, channel layer and files: SQLite and memory alone, PostgreSQL, Redis and S3 when the environment says so."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import DATA_DIR, DATABASE_URL, REDIS_URL, env

if DATABASE_URL:
    _database = env.db_url_config(DATABASE_URL)
else:
    _database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "hiroba.sqlite3")}

if _database["ENGINE"].endswith("sqlite3"):
    # A connection a thread, kept: opening one and setting its pragmas costs more than most requests.
    _database["CONN_MAX_AGE"] = None
    # No mmap_size: every thread's connection would map the file again, and resident memory grow to several times the database.
    # IMMEDIATE: a writer waits for the lock at BEGIN instead of failing half-way (threats.md, "8 concurrent writers").
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-2000; PRAGMA temp_store=MEMORY;"
        ),
    }
elif env.bool("DB_POOL", default=False):
    # ASGI processes make a connection per thread hop without a pool; WSGI workers keep theirs (CONN_MAX_AGE).
    _database["OPTIONS"] = {"pool": {"min_size": 1, "max_size": env.int("DB_POOL_SIZE", default=8)}}
else:
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True

DATABASES = {"default": _database}

if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL]},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "hiroba",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "core.realtime.memory_layer.MemoryChannelLayer", "CONFIG": {"capacity": 10_000}}
    }

MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
LIBRARY_ROOT = DATA_DIR / "library"
# Downloads until they are whole, and the configuration of downloads and library with its backups.
DOWNLOADS_ROOT = DATA_DIR / "downloads"
CONFIGURATION_ROOT = DATA_DIR / "configuration"
# What is made of library files for players (pieces, pictures, texts): may be deleted at any time.
DERIVED_ROOT = DATA_DIR / "derived"
# So many bytes of pieces of video are kept for players; whether pictures that a browser may not play are made anew (much work).
PIECES_BYTES = env.int("PIECES_BYTES", default=20 * 1024**3)
PLAYER_TRANSCODE = env.bool("PLAYER_TRANSCODE", default=False)
# Who sends files to people: "" this process, "nginx" (X-Accel-Redirect to the internal locations of deploy/nginx.conf) or
# "x-sendfile" (Apache's mod_xsendfile, lighttpd): the proxy in front, which then sees to ranges and validators itself.
SENDFILE = env.str("SENDFILE", default="")
if SENDFILE not in ("", "nginx", "x-sendfile"):
    raise ImproperlyConfigured(f"SENDFILE={SENDFILE} is none of nginx, x-sendfile")
# ffmpeg is looked for on PATH unless named here; the package imageio-ffmpeg brings one, too.
FFMPEG = env.str("FFMPEG", default="")
# The title index: made from the database, safe to delete (catalog/search).
SEARCH_DIR = DATA_DIR / "search"

STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Files of one person (exports of their data): no address leads here, only a view that checks who asks.
    "private": {
        "BACKEND": "core.private_files.PrivateFiles",
        "OPTIONS": {
            "location": DATA_DIR / "private",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "core.serve.static_storage.StaticStorage"},
}
if env.str("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("S3_BUCKET"),
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "region_name": env.str("S3_REGION", default=None),
            "access_key": env.str("S3_ACCESS_KEY", default=None),
            "secret_key": env.str("S3_SECRET_KEY", default=None),
            "file_overwrite": False,
        },
    }
    # Never public, whatever the bucket's media are: signed addresses only, a bucket of its own where one is named.
    STORAGES["private"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            **STORAGES["default"]["OPTIONS"],
            "bucket_name": env.str("S3_PRIVATE_BUCKET", default="") or env.str("S3_BUCKET"),
            "location": "private",
            "default_acl": "private",
            "custom_domain": None,
            "querystring_auth": True,
            "querystring_expire": 300,
        },
    }
