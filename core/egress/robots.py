"""robots.txt (RFC 9309): fetched through the same door, remembered for a day, matched in linear time."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.cache import cache

from core.egress.errors import EgressError, EgressRobotsUnknown
from core.egress.policy import Policy
from core.egress.state import key
from core.egress.urls import Target

if TYPE_CHECKING:
    from core.egress.client import Response

PRODUCT = "hiroba"
_MAX_BYTES = 512 * 1024
_MAX_LINES = 5_000
_DAY = 86_400
# A host whose robots.txt cannot be had is asked again after this long; until then it is left alone (RFC 9309, 2.3.1.4).
_UNREACHABLE_SECONDS = 600

Rules = list[tuple[bool, str]]
_UNKNOWN = "unknown"
"""Remembered in place of rules that cannot be had."""


def is_allowed(target: Target, *, policy: Policy, seconds: float, fetch: Callable[..., "Response"]) -> bool:
    """Whether the host lets us read this path; asking takes at most `seconds`.

    4xx on robots.txt allows everything. Raises `EgressRobotsUnknown` after 5xx or no answer, which allow nothing for a while.
    """
    if target.target == "/robots.txt":
        return True
    name = key(f"{target.scheme}://{target.authority}", "robots")
    rules = cache.get(name)
    if rules is None:
        rules = _rules_fetched(target, policy=policy, seconds=seconds, fetch=fetch)
        cache.set(name, rules, timeout=_UNREACHABLE_SECONDS if rules == _UNKNOWN else _DAY)
    if rules == _UNKNOWN:
        raise EgressRobotsUnknown(retry_after=_UNREACHABLE_SECONDS)
    return rules_allow(rules, target.target)


def _rules_fetched(target: Target, *, policy: Policy, seconds: float, fetch: Callable[..., "Response"]) -> Rules | str:
    asking = replace(policy, obeys_robots=False, max_bytes=_MAX_BYTES, total_seconds=seconds)
    try:
        answer = fetch(f"{target.scheme}://{target.authority}/robots.txt", policy=asking)
    except EgressError:
        return _UNKNOWN
    return rules_read(answer.text()) if answer.is_ok else []


def rules_read(text: str) -> Rules:
    """The (allows, pattern) pairs that hold for us: groups naming our product, else the `*` groups."""
    groups: dict[str, Rules] = {}
    agents: list[str] = []
    is_listing_agents = False
    for line in text.removeprefix("\ufeff").splitlines()[:_MAX_LINES]:
        field, separator, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if not separator:
            continue
        if field == "user-agent":
            agents = [*agents, value.lower()] if is_listing_agents else [value.lower()]
            is_listing_agents = True
            groups.setdefault(value.lower(), [])
        elif field in ("allow", "disallow"):
            is_listing_agents = False
            if value:
                for agent in agents:
                    groups[agent].append((field == "allow", value))
    return groups[PRODUCT] if PRODUCT in groups else groups.get("*", [])


def rules_allow(rules: Rules, path: str) -> bool:
    """The longest matching pattern decides; allow wins a tie; no match allows."""
    matching = [(len(pattern), allows) for allows, pattern in rules if pattern_matches(pattern, path)]
    return max(matching)[1] if matching else True


def pattern_matches(pattern: str, path: str) -> bool:
    """Prefix match with `*` for any run and `$` for the end, without backtracking."""
    is_anchored = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    if not rest:
        return position == len(path) or not is_anchored
    *middle, last = rest
    for piece in middle:
        found = path.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    if is_anchored:
        return path.endswith(last) and len(path) - len(last) >= position
    return path.find(last, position) >= 0
