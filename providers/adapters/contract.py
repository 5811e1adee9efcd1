"""What an adapter is: four questions that a provider answers, each a fetch and a pure parsing function apart from it."""

import enum
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from providers.adapters.drafts import CardPage, Detail, EpisodeDraft, MirrorDraft
from providers.fetching.pages import Page


class Capability(enum.StrEnum):
    HOME = "home"
    SEARCH = "search"
    DETAIL = "detail"
    EPISODES = "episodes"
    MIRRORS = "mirrors"


class Ask(Protocol):
    """How an adapter reads pages of its provider: polite, paced, capped, remembered (`providers.fetching.asking`).

    `base_url` ends without "/"; addresses given to `get` and `post` may be relative to it. Every failure is a
    `ProviderError` or an `EgressError`; an adapter lets them pass.
    """

    @property
    def base_url(self) -> str: ...

    @property
    def options(self) -> Mapping[str, Any]: ...

    def get(self, address: str) -> Page: ...

    def post(self, address: str, form: Mapping[str, str]) -> Page: ...


class Adapter(ABC):
    """One kind of provider. Stateless; `name` is its module's. What it cannot do it does not list in `capabilities`.

    `variant` (kind, language) is what its episodes are unless a list says otherwise: ("sub", "id").
    Methods raise `PageUnreadable` when a page is not what it should be: an empty list is an answer, a page without any
    of the marks of its kind is not.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    base_url: ClassVar[str] = ""
    variant: ClassVar[tuple[str, str]] = ("sub", "en")
    capabilities: ClassVar[frozenset[Capability]]
    is_remote: ClassVar[bool] = True
    """Whether it asks another host; the local library does not."""
    is_base_page: ClassVar[bool] = False
    """Whether its base address is the page that it reads, query and all (a feed), and not what addresses are joined to."""

    @abstractmethod
    def home(self, ask: Ask) -> CardPage:
        """What airs or was added last, newest first."""

    @abstractmethod
    def search(self, ask: Ask, query: str, page: int = 1) -> CardPage:
        """Titles that the provider finds for `query`."""

    @abstractmethod
    def detail(self, ask: Ask, slug: str) -> Detail:
        """The page of a title. Raises `TitleGone` when the provider has none (404, 410)."""

    def episodes(self, ask: Ask, detail: Detail) -> tuple[EpisodeDraft, ...]:
        """The whole episode list, oldest first, each address once."""
        return detail.episodes or ()

    def mirrors(self, ask: Ask, episode: EpisodeDraft) -> tuple[MirrorDraft, ...]:
        """Ways to play an episode; none for an adapter without `Capability.MIRRORS`."""
        return ()
