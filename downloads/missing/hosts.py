"""Which of many addresses the operator allows, asking once for each host."""

from core.egress import EgressRefused
from core.egress.urls import url_read
from downloads.hosts import stream_policy


class Gate:
    """The list of allowed hosts as it is now."""

    def __init__(self) -> None:
        self._policy = stream_policy()
        self._known: dict[str, bool] = {}

    def allows(self, url: str) -> bool:
        """Whether a stream at this address may be fetched; an address that is none may not."""
        origin = _origin(url)
        if origin not in self._known:
            self._known[origin] = self._check(origin)
        return self._known[origin]

    def _check(self, origin: str) -> bool:
        try:
            self._policy.check(url_read(origin))
        except EgressRefused:
            return False
        return True


def _origin(url: str) -> str:
    """Scheme, host and port, as the address spells them: all that the policy looks at."""
    scheme, separator, rest = url.partition("://")
    for end in "/?#":
        rest = rest.partition(end)[0]
    return f"{scheme}{separator}{rest}/"
