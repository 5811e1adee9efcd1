"""How much one text may make of itself: a few characters of it can be a hundred of HTML."""

from collections.abc import MutableMapping
from typing import Any

REFERENCES = 300
"""Addresses, names and times of one text that become links; what follows is text."""


def counted(env: MutableMapping[str, Any]) -> bool:
    """Whether this text may have one link more; counts it."""
    number = env.get("links_made", 0)
    env["links_made"] = number + 1
    return number < REFERENCES
