"""A provider that kept us out is left alone for half an hour by every process; the shared cache remembers it."""

import time

from django.core.cache import cache

PAUSE_SECONDS = 30 * 60


def pause_note(provider_id: int) -> None:
    """Leave the provider alone from now on for `PAUSE_SECONDS`."""
    cache.set(_key(provider_id), time.time() + PAUSE_SECONDS, timeout=PAUSE_SECONDS)


def pause_left(provider_id: int) -> float:
    """Seconds until the provider may be asked again, 0 when it may be now."""
    return max(0.0, float(cache.get(_key(provider_id)) or 0.0) - time.time())


def pause_forget(provider_id: int) -> None:
    """Ask the provider again at once: for an operator who knows that it lets us in."""
    cache.delete(_key(provider_id))


def _key(provider_id: int) -> str:
    return f"providers:blocked:{provider_id}"
