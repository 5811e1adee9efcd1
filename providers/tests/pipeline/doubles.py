"""An adapter, a metadata service and a matcher that answer what a test says, at the registries where the real ones stand."""

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from catalog.facade import AnimeRecord, jikan_anime_map
from catalog.models import Title
from providers.adapters import adapter_classes
from providers.adapters.contract import Adapter, Ask, Capability
from providers.adapters.drafts import Card, CardPage, Detail, EpisodeDraft, MirrorDraft
from providers.errors import TitleGone
from providers.metadata.client import Metadata
from providers.metadata.clients import client_of
from providers.metadata.registry import client_classes
from providers.metadata.service import KeptClient
from providers.models import DECIDED_BY_PEOPLE, MatchState, MetadataSnapshot, ProviderTitle


@dataclass
class Script:
    """What the doubles answer, and what they were asked: `asked` counts (provider's base address or service, question, what).

    A value that is an exception is raised. `before` is called before each answer with (question, what).
    """

    pages: dict[str, Detail | Exception] = field(default_factory=dict)
    searches: dict[str, list[Card] | Exception] = field(default_factory=dict)
    mirrors: dict[str, tuple[MirrorDraft, ...] | Exception] = field(default_factory=dict)
    records: dict[str, dict[str, Any] | Exception] = field(default_factory=dict)
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    before: Callable[[str, str], None] = lambda question, what: None

    def answer(self, whom: str, question: str, what: str, answers: dict[str, Any], otherwise: Any) -> Any:
        self.before(question, what)
        self.asked[whom, question, what] += 1
        found = answers.get(what, otherwise)
        if isinstance(found, Exception):
            raise found
        return found

    def questions(self, question: str) -> int:
        """How often it was asked, of whom and about whatever."""
        return sum(times for (_whom, asked, _what), times in self.asked.items() if asked == question)


SCRIPT = Script()


class Double(Adapter):
    """Answers from the script; its episodes stand on the title's page."""

    name = "double"
    label = "Double"
    capabilities = frozenset({Capability.SEARCH, Capability.DETAIL, Capability.EPISODES, Capability.MIRRORS})

    def home(self, ask: Ask) -> CardPage:
        return CardPage()

    def search(self, ask: Ask, query: str, page: int = 1) -> CardPage:
        return CardPage(tuple(SCRIPT.answer(ask.base_url, "search", query, SCRIPT.searches, [])))

    def detail(self, ask: Ask, slug: str) -> Detail:
        return SCRIPT.answer(ask.base_url, "detail", slug, SCRIPT.pages, TitleGone())

    def mirrors(self, ask: Ask, episode: EpisodeDraft) -> tuple[MirrorDraft, ...]:
        return SCRIPT.answer(ask.base_url, "mirrors", episode.url, SCRIPT.mirrors, ())


class DoubleService(KeptClient):
    """Keeps what the script says under the name and site of Jikan."""

    name = "jikan"
    label = "Double of Jikan"
    site = "mal"
    base_url = "https://jikan.example.org"
    rates = ()

    def anime(self, external_id: str, *, is_fresh: bool = False) -> Metadata:
        kept = MetadataSnapshot.objects.filter(source=self.name, external_id=external_id).first()
        now = timezone.now()
        try:
            payload = SCRIPT.answer(self.name, "anime", external_id, SCRIPT.records, {})
        except Exception as error:
            if kept is None:
                raise
            record = self.record_of(kept.payload)
            return Metadata(
                self.name, external_id, kept.payload, record, kept.checked_at, True, getattr(error, "code", "")
            )
        MetadataSnapshot.objects.update_or_create(
            source=self.name,
            external_id=external_id,
            defaults={"payload": payload, "is_missing": not payload, "fetched_at": now, "checked_at": now},
        )
        return Metadata(self.name, external_id, payload, self.record_of(payload) if payload else None, now)

    def search(self, title: str, *, limit: int = 10) -> list[Metadata]:
        return []

    def record_of(self, payload: dict[str, Any]) -> AnimeRecord:
        return jikan_anime_map(payload)

    def question(self, external_id: str) -> Any: ...

    def question_search(self, title: str, limit: int) -> Any: ...

    def payload_of(self, answer: Any) -> Any: ...

    def payloads_found(self, answer: Any) -> Any: ...

    def names_of(self, payload: Any) -> Any: ...


def _match(title: str) -> SimpleNamespace:
    anime_id = Title.objects.filter(text__iexact=title).values_list("anime_id", flat=True).first()
    return SimpleNamespace(
        anime_id=anime_id, confidence=100 if anime_id else 0, decision="auto" if anime_id else "none"
    )


def title_match(*, title: ProviderTitle, places_episodes: bool = True) -> ProviderTitle:
    """By the very name alone."""
    title.refresh_from_db()
    if title.match_state not in DECIDED_BY_PEOPLE:
        match = _match(title.title)
        title.anime_id, title.confidence = match.anime_id, match.confidence
        title.match_state = MatchState.AUTO if match.anime_id else MatchState.NONE
        title.save()
    return title


class Matcher:
    def match_many(self, queries: Any) -> list[SimpleNamespace]:
        return [_match(query.title) for query in queries]


def doubles_install(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Put them in place of the real ones for one test; no cover is fetched."""
    SCRIPT.__init__()  # type: ignore[misc]
    monkeypatch.setitem(adapter_classes(), "double", Double)
    for name in list(client_classes()):
        monkeypatch.delitem(client_classes(), name)
    monkeypatch.setitem(client_classes(), "jikan", DoubleService)
    client_of.cache_clear()
    monkeypatch.setitem(sys.modules, "providers.services.matching", SimpleNamespace(title_match=title_match))
    monkeypatch.setitem(sys.modules, "providers.matching.matcher", SimpleNamespace(matcher=Matcher))
    monkeypatch.setattr("providers.services.covers.title_cover_hash", lambda *, title: None)
    monkeypatch.setattr("providers.services.covers.anime_cover_hash", lambda *, anime_id: None)
    return SCRIPT
