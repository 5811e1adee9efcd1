"""How metadata services' hosts do, told to the counts by host."""

from core.egress import EgressBadAnswer, EgressError, EgressPaced
from providers.fetching.counting import Outcome, host_count
from providers.fetching.outcomes import is_unsent
from providers.models import Provider


def answer_count(provider: Provider, host: str, *, is_unchanged: bool, milliseconds: int) -> None:
    """An answer came and could be read."""
    host_count(provider.pk, host, outcome="unchanged" if is_unchanged else "ok", milliseconds=milliseconds)


def error_count(provider: Provider, host: str, error: EgressError, *, milliseconds: int) -> None:
    """None came, or one that makes no sense; what was never sent counts as told to wait, or not at all."""
    if isinstance(error, EgressPaced):
        host_count(provider.pk, host, outcome="paced", milliseconds=0)
    elif not is_unsent(error):
        outcomes: tuple[Outcome, ...] = ("ok", "unread") if isinstance(error, EgressBadAnswer) else ("failed",)
        for outcome in outcomes:
            host_count(provider.pk, host, outcome=outcome, milliseconds=milliseconds)
