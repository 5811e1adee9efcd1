"""The only door for outgoing HTTP: allow-listed, pinned to checked addresses, capped, paced (threats 1–5).

from core import egress
JIKAN = egress.Policy(hosts=("api.jikan.moe",), rates=(egress.Rate(3, 1), egress.Rate(60, 60)))
answer = egress.fetch("https://api.jikan.moe/v4/anime/1", policy=JIKAN)
"""

from core.egress.breaker import HostState, host_forgive, host_state
from core.egress.client import Response, fetch, fetch_to_file
from core.egress.errors import (
    PASSING,
    EgressBadAnswer,
    EgressError,
    EgressPaced,
    EgressRefused,
    EgressRobots,
    EgressRobotsUnknown,
    EgressTimeout,
    EgressTooLarge,
    EgressUnavailable,
)
from core.egress.network import Network
from core.egress.policy import ANY_PUBLIC_HOST, Policy, Rate

__all__ = [
    "ANY_PUBLIC_HOST",
    "PASSING",
    "EgressBadAnswer",
    "EgressError",
    "EgressPaced",
    "EgressRefused",
    "EgressRobots",
    "EgressRobotsUnknown",
    "EgressTimeout",
    "EgressTooLarge",
    "EgressUnavailable",
    "HostState",
    "Network",
    "Policy",
    "Rate",
    "Response",
    "fetch",
    "fetch_to_file",
    "host_forgive",
    "host_state",
]
