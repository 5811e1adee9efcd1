"""Jikan v4: what MAL says, and its episode lists."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.facade import AnimeRecord, BadRecord, Site, cleaning, jikan_anime_map
from core.egress import EgressBadAnswer, Rate
from providers.metadata.asking import Answer, Question, question_ask
from providers.metadata.known import Heard, snapshot_known
from providers.metadata.mapping.jikan_episodes import EpisodeFacts, episodes_map, episodes_page
from providers.metadata.service import KeptClient
from providers.models import MetadataSnapshot, Provider

MOST_PAGES = 100
"""Of a hundred episodes each."""


class Jikan(KeptClient):
    """Jikan. The payload is the `data` object of `/anime/{id}/full`."""

    name = "jikan"
    label = "MyAnimeList (Jikan)"
    site = Site.MAL.value
    base_url = "https://api.jikan.moe/v4"
    rates = (Rate(3, 1), Rate(60, 60))

    def episodes(self, mal_id: str, *, is_fresh: bool = False) -> list[EpisodeFacts]:
        """MAL's episode list, [] where it has none; kept, fresh and stale as `anime` is, under "<id>/episodes".

        The whole list or an error: a page that fails leaves what is kept.
        """
        if not self.id_is_askable(mal_id):
            return []

        def ask(provider: Provider, kept: MetadataSnapshot | None) -> Heard:
            return self._pages(mal_id, provider, kept)

        known = snapshot_known(self.name, f"{mal_id}/episodes", ask=ask, is_fresh=is_fresh)
        return episodes_map(known.snapshot.payload.get("data"))

    def question(self, external_id: str) -> Question:
        return Question("anime", f"/anime/{external_id}/full")

    def question_search(self, title: str, limit: int) -> Question:
        return Question("search", "/anime", {"q": title, "limit": limit})

    def payload_of(self, answer: Any) -> dict[str, Any] | None:
        found = cleaning.dict_of(answer).get("data")
        if not isinstance(found, dict):
            raise BadRecord("no data")
        return found

    def payloads_found(self, answer: Any) -> list[dict[str, Any]]:
        found = cleaning.dict_of(answer).get("data")
        if not isinstance(found, list):
            raise BadRecord("no list")
        return cleaning.items_of(found)

    def names_of(self, payload: Mapping[str, Any]) -> tuple[str, ...]:
        if not (mal_id := cleaning.count_of(payload.get("mal_id"))):
            raise BadRecord("no mal_id")
        return (str(mal_id),)

    def record_of(self, payload: dict[str, Any]) -> AnimeRecord:
        return jikan_anime_map(payload)

    def _pages(self, mal_id: str, provider: Provider, kept: MetadataSnapshot | None) -> Heard:
        """All pages as one. A list of one page may be confirmed (304); of a longer one, the first page says too little."""
        items: dict[int, dict[str, Any]] = {}
        for page in range(1, MOST_PAGES + 1):
            answer = question_ask(
                Question("episodes", f"/anime/{mal_id}/episodes", {"page": page}),
                provider=provider,
                rates=self.rates,
                read=episodes_page,
                etag=kept.etag if kept and page == 1 else "",
                last_modified=kept.last_modified if kept and page == 1 else "",
            )
            if answer.status != 200 and page == 1:
                return Heard(answer, {})
            if answer.status != 200:
                raise EgressBadAnswer(_("A page of the list is missing."))
            found, is_followed = answer.payload
            fresh = {number: item for item in found if (number := cleaning.count_of(item.get("mal_id")))}
            is_last = not is_followed or not fresh.keys() - items.keys()
            items = fresh | items
            if is_last:
                break
        conditions = answer if page == 1 else Answer(200)
        return Heard(
            Answer(200, etag=conditions.etag, last_modified=conditions.last_modified), {"data": list(items.values())}
        )
