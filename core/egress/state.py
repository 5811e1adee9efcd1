"""The few atomic operations on the shared cache that pacing and the circuit breaker stand on."""

import hashlib
import math

from django.core.cache import cache


def key(host: str, name: str) -> str:
    """A short cache key for something remembered about a host (with its port)."""
    return f"egress:{hashlib.sha256(host.encode()).hexdigest()[:24]}:{name}"


def whole(seconds: float) -> int:
    """A lifetime for the cache: Redis keeps whole seconds and takes less than one for none at all."""
    return max(1, math.ceil(seconds))


def counted(name: str, *, seconds: float, by: int = 1) -> int:
    """Add to a counter that lives `seconds` from its first use, and say what it holds now. Atomic in memory and in Redis."""
    lifetime = whole(seconds)
    for _attempt in range(3):
        cache.add(name, 0, timeout=lifetime)
        try:
            return int(cache.incr(name, by))
        except ValueError:  # it ran out between the two calls
            continue
    cache.set(name, by, timeout=lifetime)
    return by
