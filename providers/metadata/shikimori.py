"""Shikimori: its REST API, by MAL's ids."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.facade import AnimeRecord, BadRecord, Site, cleaning
from core.egress import Rate
from providers.metadata.asking import Question
from providers.metadata.mapping.shikimori import shikimori_id, shikimori_record
from providers.metadata.service import KeptClient


class Shikimori(KeptClient):
    """Shikimori. It counts as MAL does."""

    name = "shikimori"
    label = "Shikimori"
    site = Site.SHIKIMORI.value
    base_url = "https://shikimori.one/api"
    rates = (Rate(5, 1), Rate(90, 60))
    position = 2

    def id_among(self, ids: Mapping[str, Sequence[str]]) -> str | None:
        return super().id_among(ids) or next(iter(ids.get(Site.MAL.value, ())), None)

    def question(self, external_id: str) -> Question:
        return Question("anime", f"/animes/{external_id}")

    def question_search(self, title: str, limit: int) -> Question:
        return Question("search", "/animes", {"search": title, "limit": limit})

    def payload_of(self, answer: Any) -> dict[str, Any] | None:
        if not isinstance(answer, dict):
            raise BadRecord("not an object")
        return answer

    def payloads_found(self, answer: Any) -> list[dict[str, Any]]:
        if not isinstance(answer, list):
            raise BadRecord("no list")
        return cleaning.items_of(answer)

    def names_of(self, payload: Mapping[str, Any]) -> tuple[str, ...]:
        return (shikimori_id(payload),)

    def record_of(self, payload: dict[str, Any]) -> AnimeRecord:
        return shikimori_record(payload)
