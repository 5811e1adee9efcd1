"""Trying a provider by hand: one question asked, or a page pasted, and what the adapter makes of it. Nothing is stored."""

import dataclasses
import datetime
import inspect
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from core.errors import DomainError
from providers.adapters import adapter_class
from providers.adapters.contract import Adapter, Ask, Capability
from providers.adapters.drafts import EpisodeDraft
from providers.enriching.asking import PassedAsk
from providers.errors import CapabilityMissing, PageUnreadable, ProviderUnknown
from providers.fetching.asking import ask_of
from providers.fetching.failures import TRIPS, failure_text
from providers.fetching.pages import Page
from providers.models import PageFailure, Provider

PARSERS = {
    Capability.HOME: "parse_home",
    Capability.SEARCH: "parse_search",
    Capability.DETAIL: "parse_detail",
    Capability.EPISODES: "parse_episodes",
    Capability.MIRRORS: "parse_mirrors",
}
SHOWN = 200
"""How many items of a list a trial shows; all are counted."""


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page that was read on the way: its size in characters."""

    url: str
    status: int
    size: int
    is_unchanged: bool


@dataclass(slots=True)
class Trial:
    """What came of it: `answer` is JSON-ready, `count` how many items it has in all; or the error's code and words."""

    question: str
    value: str
    milliseconds: int = 0
    answer: Any = None
    count: int | None = None
    error_code: str = ""
    error_detail: str = ""
    pages: list[PageSeen] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        return not self.error_code

    @property
    def text(self) -> str:
        """The answer as indented JSON."""
        return orjson.dumps(self.answer, option=orjson.OPT_INDENT_2).decode()


class _Traced(PassedAsk):
    """Notes what it read."""

    def __init__(self, ask: Ask, pages: list[PageSeen]) -> None:
        super().__init__(ask)
        self._pages = pages

    def get(self, address: str) -> Page:
        return self._noted(super().get(address))

    def post(self, address: str, form: Mapping[str, str]) -> Page:
        return self._noted(super().post(address, form))

    def _noted(self, page: Page) -> Page:
        self._pages.append(PageSeen(page.url, page.status, len(page.text), page.is_unchanged))
        return page


def trial_run(*, provider: Provider, question: str, value: str = "") -> Trial:
    """Ask a provider now, switched on or not: `value` is a query for search, a slug for detail and episodes, an address for
    mirrors. Failures are part of the answer. Raises `ProviderUnknown` and `CapabilityMissing` before anything is asked.
    """
    adapter = _adapter_of(provider, question)
    trial = Trial(question, value)
    return _timed(
        trial, lambda: _asked(adapter, _Traced(ask_of(provider, is_trial=True), trial.pages), question, value)
    )


def trial_parse(*, provider: Provider, question: str, text: str, url: str = "") -> Trial:
    """What the adapter makes of a page that somebody has: no request is made."""
    adapter = _adapter_of(provider, question)
    parse = getattr(sys.modules[type(adapter).__module__], PARSERS[Capability(question)], None)
    if parse is None:
        raise CapabilityMissing()
    told = {"options": provider.options, "query": url, "slug": url}
    known = inspect.signature(parse).parameters
    more = {name: value for name, value in told.items() if name in known}
    return _timed(Trial(question, url), lambda: parse(text, url or provider.base_url, **more))


def failure_reparse(*, failure: PageFailure) -> Trial:
    """Read a kept page again, with the adapter as it is now."""
    return trial_parse(
        provider=failure.provider, question=failure.question, text=failure_text(failure), url=failure.url
    )


def _adapter_of(provider: Provider, question: str) -> Adapter:
    found = adapter_class(provider.adapter)
    if found is None:
        raise ProviderUnknown()
    if question not in found.capabilities:
        raise CapabilityMissing()
    return found()


def _asked(adapter: Adapter, ask: Ask, question: str, value: str) -> Any:
    if question == Capability.HOME:
        return adapter.home(ask)
    if question == Capability.SEARCH:
        return adapter.search(ask, value)
    if question == Capability.MIRRORS:
        return adapter.mirrors(ask, EpisodeDraft(label=value, url=value))
    detail = adapter.detail(ask, value)
    return detail if question == Capability.DETAIL else adapter.episodes(ask, detail)


def _timed(trial: Trial, work: Callable[[], Any]) -> Trial:
    start = time.monotonic()
    try:
        trial.answer, trial.count = _shown(work())
    except DomainError as error:
        trial.error_code, trial.error_detail = error.code, str(error.detail or error.title)
    except TRIPS as error:
        trial.error_code, trial.error_detail = PageUnreadable.code, f"{type(error).__name__}: {error}"[:500]
    trial.milliseconds = round((time.monotonic() - start) * 1000)
    return trial


def _shown(answer: Any) -> tuple[Any, int | None]:
    """The answer as JSON, long lists cut; and how long its list was."""
    plain = _plain(answer)
    for name in ("cards", "episodes"):
        if isinstance(plain, dict) and isinstance(plain.get(name), list):
            count = len(plain[name])
            return {**plain, name: plain[name][:SHOWN]}, count
    if isinstance(plain, list):
        return plain[:SHOWN], len(plain)
    return plain, None


def _plain(value: Any) -> Any:
    """Without what says nothing, so that people see what was found."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return {name: found for name, found in fields.items() if found not in ("", None, [])}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value
