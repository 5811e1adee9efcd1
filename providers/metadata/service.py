"""What all clients share: ask for an id, check that the answer is whole and of that id, keep it, map it."""

from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.utils import timezone

from catalog.facade import AnimeRecord, BadRecord, cleaning, id_is_formed
from providers.metadata.asking import Answer, Question, provider_asked, question_ask
from providers.metadata.client import Metadata, MetadataClient
from providers.metadata.kept import snapshot_is_fresh
from providers.metadata.known import Heard, Known, snapshot_known
from providers.models import MetadataSnapshot, Provider

LONGEST_SEARCH = 200
MOST_FOUND = 25


class KeptClient(MetadataClient):
    """A client whose answers are kept. A service says how it is asked, what its answers hold and what they mean.

    What these hooks find senseless raises `BadRecord`; it becomes `EgressBadAnswer`, and nothing of it is stored as an answer.
    """

    @abstractmethod
    def question(self, external_id: str) -> Question:
        """How to ask for an id."""

    @abstractmethod
    def question_search(self, title: str, limit: int) -> Question:
        """How to search."""

    @abstractmethod
    def payload_of(self, answer: Any) -> dict[str, Any] | None:
        """What is kept of the JSON of an answer to `question`; None when it says that there is no such id."""

    @abstractmethod
    def payloads_found(self, answer: Any) -> list[dict[str, Any]]:
        """The same of each result of a search."""

    @abstractmethod
    def names_of(self, payload: Mapping[str, Any]) -> tuple[str, ...]:
        """Every id by which one may ask for this payload, the service's own first."""

    @abstractmethod
    def record_of(self, payload: dict[str, Any]) -> AnimeRecord:
        """The payload in the catalogue's terms."""

    def id_is_askable(self, external_id: str) -> bool:
        """Whether this may be an id at all; nothing else gets into an address."""
        return id_is_formed(self.site, external_id) and cleaning.count_of(external_id) is not None

    def anime(self, external_id: str, *, is_fresh: bool = False) -> Metadata:
        if not self.id_is_askable(external_id):
            return Metadata(self.name, external_id, {}, None, timezone.now())

        def ask(provider: Provider, kept: MetadataSnapshot | None) -> Heard:
            return self._heard(external_id, provider, kept)

        return self._metadata(snapshot_known(self.name, external_id, ask=ask, is_fresh=is_fresh))

    def search(self, title: str, *, limit: int = 10) -> list[Metadata]:
        words = cleaning.text_of(title, LONGEST_SEARCH)
        if not words:
            return []
        most = min(max(1, limit), MOST_FOUND)
        answer = question_ask(
            self.question_search(words, most),
            provider=provider_asked(self.name),
            rates=self.rates,
            read=self.payloads_found,
        )
        now = timezone.now()
        found = []
        for payload in (answer.payload or [])[:most]:
            with suppress(BadRecord):
                found.append(Metadata(self.name, self.names_of(payload)[0], payload, self.record_of(payload), now))
        return found

    def _heard(self, external_id: str, provider: Provider, kept: MetadataSnapshot | None) -> Heard:
        answer = question_ask(
            self.question(external_id),
            provider=provider,
            rates=self.rates,
            read=lambda said: self._checked(external_id, said),
            etag=kept.etag if kept else "",
            last_modified=kept.last_modified if kept else "",
        )
        if answer.status != 200:
            return Heard(answer, {})
        if answer.payload is None:
            return Heard(Answer(404), {})
        return Heard(answer, answer.payload, self.names_of(answer.payload))

    def _checked(self, external_id: str, said: Any) -> dict[str, Any] | None:
        """The payload of an answer that is whole, can be mapped, and is of the id that was asked for."""
        payload = self.payload_of(said)
        if payload is not None:
            self.record_of(payload)
            if external_id not in self.names_of(payload):
                raise BadRecord("the answer is of another id")
        return payload

    def _metadata(self, known: Known) -> Metadata:
        kept = known.snapshot
        return Metadata(
            source=self.name,
            external_id=kept.external_id,
            payload=kept.payload,
            record=None if kept.is_missing else self.record_of(kept.payload),
            fetched_at=kept.checked_at,
            is_stale=bool(known.error_code) and not snapshot_is_fresh(kept, timezone.now()),
            error_code=known.error_code,
        )
