"""Kitsu: its JSON:API."""

from collections.abc import Mapping
from typing import Any

from catalog.facade import AnimeRecord, BadRecord, Site, cleaning
from core.egress import Rate
from providers.metadata.asking import Question
from providers.metadata.mapping.kitsu import kitsu_id, kitsu_record
from providers.metadata.service import KeptClient


class Kitsu(KeptClient):
    """Kitsu. It publishes no limit; sixty requests a minute is what we take. The payload is {"data", "included"}."""

    name = "kitsu"
    label = "Kitsu"
    site = Site.KITSU.value
    base_url = "https://kitsu.io/api/edge"
    rates = (Rate(2, 1), Rate(60, 60))
    position = 3

    def question(self, external_id: str) -> Question:
        return Question("anime", f"/anime/{external_id}", {"include": "mappings"})

    def question_search(self, title: str, limit: int) -> Question:
        # More than 20 a page are refused.
        return Question("search", "/anime", {"filter[text]": title, "page[limit]": min(limit, 20)})

    def payload_of(self, answer: Any) -> dict[str, Any] | None:
        payload = cleaning.dict_of(answer)
        kitsu_id(payload)
        return {name: payload[name] for name in ("data", "included") if name in payload}

    def payloads_found(self, answer: Any) -> list[dict[str, Any]]:
        found = cleaning.dict_of(answer).get("data")
        if not isinstance(found, list):
            raise BadRecord("no list")
        return [{"data": item} for item in cleaning.items_of(found)]

    def names_of(self, payload: Mapping[str, Any]) -> tuple[str, ...]:
        return (kitsu_id(payload),)

    def record_of(self, payload: dict[str, Any]) -> AnimeRecord:
        return kitsu_record(payload)
