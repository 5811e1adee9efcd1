"""AniList: its GraphQL API, asked by its own ids or by MAL's."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.facade import AnimeRecord, BadRecord, Site, cleaning
from core.egress import Rate
from providers.metadata.asking import Question
from providers.metadata.mapping.anilist import anilist_id, anilist_record
from providers.metadata.service import KeptClient

BY_MAL = "mal:"
"""An id with this before it is MAL's."""

_FIELDS = """
  id idMal title { romaji english native } synonyms description(asHtml: false) format status source countryOfOrigin
  episodes duration season seasonYear isAdult averageScore stats { scoreDistribution { score amount } }
  startDate { year month day } endDate { year month day } nextAiringEpisode { airingAt episode }
  coverImage { extraLarge large } trailer { id site } genres
  tags { name category rank isMediaSpoiler isGeneralSpoiler isAdult }
  studios { edges { isMain node { name isAnimationStudio } } } externalLinks { site url type }
"""
ONE = f"query ($id: Int, $idMal: Int) {{ Media(id: $id, idMal: $idMal, type: ANIME) {{ {_FIELDS} }} }}"
MANY = f"""query ($search: String, $limit: Int) {{
  Page(page: 1, perPage: $limit) {{ media(search: $search, type: ANIME, sort: SEARCH_MATCH) {{ {_FIELDS} }} }}
}}"""


class AniList(KeptClient):
    """AniList. It knows no conditional requests: what is past its 24 hours is sent again."""

    name = "anilist"
    label = "AniList"
    site = Site.ANILIST.value
    base_url = "https://graphql.anilist.co"
    rates = (Rate(30, 60),)
    position = 1

    def id_is_askable(self, external_id: str) -> bool:
        return super().id_is_askable(external_id.removeprefix(BY_MAL))

    def id_among(self, ids: Mapping[str, Sequence[str]]) -> str | None:
        own = super().id_among(ids)
        return own or next((f"{BY_MAL}{mal_id}" for mal_id in ids.get(Site.MAL.value, ())), None)

    def question(self, external_id: str) -> Question:
        number = int(external_id.removeprefix(BY_MAL))
        wanted = {"idMal": number} if external_id.startswith(BY_MAL) else {"id": number}
        return Question("anime", "/", json={"query": ONE, "variables": wanted})

    def question_search(self, title: str, limit: int) -> Question:
        return Question("search", "/", json={"query": MANY, "variables": {"search": title, "limit": limit}})

    def payload_of(self, answer: Any) -> dict[str, Any] | None:
        data = _data(answer)
        if "Media" in data and data["Media"] is None and _is_not_found(answer):
            return None
        if not isinstance(data.get("Media"), dict):
            raise BadRecord("no Media")
        return data["Media"]

    def payloads_found(self, answer: Any) -> list[dict[str, Any]]:
        found = cleaning.dict_of(_data(answer).get("Page")).get("media")
        if not isinstance(found, list):
            raise BadRecord("no list")
        return cleaning.items_of(found)

    def names_of(self, payload: Mapping[str, Any]) -> tuple[str, ...]:
        own, mal_id = anilist_id(payload), cleaning.count_of(payload.get("idMal"))
        return (own, f"{BY_MAL}{mal_id}") if mal_id else (own,)

    def record_of(self, payload: dict[str, Any]) -> AnimeRecord:
        return anilist_record(payload)


def _data(answer: Any) -> dict[str, Any]:
    return cleaning.dict_of(cleaning.dict_of(answer).get("data"))


def _is_not_found(answer: Any) -> bool:
    """Errors of GraphQL come with 200 too; no other one means that the id is unknown."""
    errors = cleaning.items_of(cleaning.dict_of(answer).get("errors"))
    return bool(errors) and all(error.get("status") == 404 for error in errors)
