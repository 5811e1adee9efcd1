"""Asking within a job: an `Ask` that keeps the job's lease however many pages an adapter reads."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from providers.adapters import adapter_class
from providers.adapters.contract import Adapter, Ask, Capability
from providers.errors import CapabilityMissing
from providers.fetching import asking
from providers.fetching.failures import failures_kept
from providers.fetching.pages import Page
from providers.models import Provider


class PassedAsk:
    """An `Ask` that hands on to another; who adds something overrides `get` and `post`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    @property
    def base_url(self) -> str:
        return self._ask.base_url

    @property
    def options(self) -> Mapping[str, Any]:
        return self._ask.options

    def get(self, address: str) -> Page:
        return self._ask.get(address)

    def post(self, address: str, form: Mapping[str, str]) -> Page:
        return self._ask.post(address, form)


class BeatingAsk(PassedAsk):
    """Calls `beat` before each page."""

    def __init__(self, ask: Ask, beat: Callable[[], None]) -> None:
        super().__init__(ask)
        self._beat = beat

    def get(self, address: str) -> Page:
        self._beat()
        return super().get(address)

    def post(self, address: str, form: Mapping[str, str]) -> Page:
        self._beat()
        return super().post(address, form)


def adapter_of(provider: Provider, *needs: Capability) -> Adapter:
    """The adapter of a provider; raises `CapabilityMissing` when it cannot do one of `needs` or its code is gone."""
    found = adapter_class(provider.adapter)
    if found is None or not set(needs) <= found.capabilities:
        raise CapabilityMissing()
    return found()


@contextmanager
def asked(provider: Provider, question: str, beat: Callable[[], None]) -> Iterator[Ask]:
    """How to ask within the block; a page that the adapter cannot read is kept to be looked at, as `question`.

    Raises `ProviderDisabled` when the provider is off.
    """
    ask = asking.ask_of(provider)
    with failures_kept(ask, question):
        yield BeatingAsk(ask, beat)


__all__ = ["BeatingAsk", "PassedAsk", "adapter_of", "asked"]
