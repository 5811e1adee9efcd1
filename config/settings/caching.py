"""The response cache in front of Django, and how catalogue reads talk to PostgreSQL."""

from config.settings.environment import env

# Anonymous catalogue reads are kept in each web process until the catalogue changes (core/http_cache.py).
RESPONSE_CACHE = env.bool("RESPONSE_CACHE", default=True)
RESPONSE_CACHE_BYTES = env.int("RESPONSE_CACHE_BYTES", default=16 * 1024**2)
RESPONSE_CACHE_SECONDS = env.int("RESPONSE_CACHE_SECONDS", default=300)

# Prepared statements on the hot reads. Switch off behind a transaction pooler (pgbouncer before 1.21).
DB_PREPARE = env.bool("DB_PREPARE", default=True)
