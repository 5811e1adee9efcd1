"""The few atomic operations on the shared cache that pacing and the circuit breaker stand on."""

import hashlib

from django.core.cache import cache


def key(host: str, name: str) -> str:
    """A short cache key for something remembered about a host (with its port)."""
    return f"egress:{hashlib.sha256(host.encode()).hexdigest()[:24]}:{name}"


def counted(name: str, *, seconds: float, by: int = 1) -> int:
    """Add to a counter that lives `seconds` from its first use, and say what it holds now. Atomic in memory and in Redis."""
    for _attempt in range(3):
        cache.add(name, 0, timeout=seconds)
        try:
            return int(cache.incr(name, by))
        except ValueError:  # it ran out between the two calls
            continue
    cache.set(name, by, timeout=seconds)
    return by
