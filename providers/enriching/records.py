"""What is stored of an anime elsewhere, in the catalogue's terms: kept answers of services, pages of providers."""

import datetime
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from catalog.facade import (
    AnimeRecord,
    BadRecord,
    EpisodeRecord,
    LabelDraft,
    StudioDraft,
    TitleDraft,
    cleaning,
    language_of,
)
from core.errors import NotFound
from providers.metadata.clients import client_of
from providers.metadata.mapping.jikan_episodes import EpisodeFacts
from providers.metadata.service import KeptClient
from providers.models import FieldSource, MetadataSnapshot, ProviderTitle

MAX_POSTER = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """What a source says of an anime, and when it said or confirmed it."""

    source: str
    record: AnimeRecord
    at: datetime.datetime


def records_stored(anime_id: int, *, chosen: Callable[[str], Collection[str]]) -> Iterator[Stored]:
    """What every kept answer says, then every provider's page by the provider's position. `chosen` gives the fields for which
    staff chose a provider (`title_record`).
    """
    for snapshot in MetadataSnapshot.objects.filter(anime=anime_id).order_by("source", "external_id"):
        if record := snapshot_record(snapshot):
            yield Stored(snapshot.source, record, snapshot.checked_at)
    titles = ProviderTitle.objects.filter(anime=anime_id).exclude(detail_at=None).select_related("provider")
    for title in titles.order_by("provider__position", "provider__name", "pk"):
        if title.detail_at is not None:
            name = title.provider.name
            yield Stored(name, title_record(title, chosen=chosen(name)), title.detail_at)


def sources_chosen_many(anime_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """{anime's id: {field: source}} as staff chose; without anime of which they chose nothing."""
    found: dict[int, dict[str, str]] = {}
    rows = FieldSource.objects.filter(anime__in=list(anime_ids))
    for anime_id, name, source in rows.values_list("anime_id", "field", "source"):
        found.setdefault(anime_id, {})[name] = source
    return found


def snapshot_record(snapshot: MetadataSnapshot) -> AnimeRecord | None:
    """What a kept answer says; None for "unknown there", for one that makes no sense and for a service whose code is gone."""
    if snapshot.is_missing or not snapshot.payload:
        return None
    try:
        client = client_of(snapshot.source)
        return client.record_of(snapshot.payload) if isinstance(client, KeptClient) else None
    except (BadRecord, NotFound):
        return None


def title_record(title: ProviderTitle, *, chosen: Collection[str] = ()) -> AnimeRecord:
    """What the page of a title says. Its names join the anime's only where staff chose this provider for them (`chosen`
    names fields): they carry the marks of the site.
    """
    fields: dict[str, Any] = {
        "title": cleaning.text_of(title.title) if "title" in chosen else "",
        "title_native": cleaning.text_of(title.native_title),
        "title_english": cleaning.text_of(title.english_title),
        "synopsis": cleaning.prose_of(title.synopsis),
        "kind": _known(title.kind),
        "status": _known(title.status),
        "year": title.year,
        "start_date": title.released_on,
        "episode_count": title.episode_count or None,
        "duration_seconds": title.duration_seconds or None,
        "score": title.score,
        "poster_url": cleaning.url_of(title.cover_url, MAX_POSTER),
    }
    titles = []
    if fields["title"]:
        titles.append(TitleDraft(fields["title"], language_of(fields["title"], latin="ja-Latn"), "main"))
    if "titles" in chosen:
        titles += names_of_title(title)
    return AnimeRecord(
        ids=[],
        fields=fields,
        titles=titles,
        genres=[LabelDraft(name) for word in title.genres if (name := cleaning.text_of(word, 80))],
        studios=[StudioDraft(name, "studio") for word in title.studios if (name := cleaning.text_of(word, 160))],
    )


def episode_record(mal_id: int, facts: EpisodeFacts) -> EpisodeRecord:
    """What MAL says of one episode."""
    given = {"en": facts.title, "ja": facts.title_native, "ja-Latn": facts.title_romaji}
    return EpisodeRecord(
        mal_id=mal_id,
        kind="regular",
        number=facts.number,
        season=None,
        fields={
            "season_number": None,
            "absolute_number": None,
            "title": facts.title or facts.title_romaji or facts.title_native,
            "titles": {language: text for language, text in given.items() if text},
            "aired_on": facts.aired_on,
            "duration_seconds": None,
            "is_filler": facts.is_filler,
            "is_recap": facts.is_recap,
            "still_url": "",
            "tvdb_id": None,
        },
    )


def names_of_title(title: ProviderTitle) -> list[TitleDraft]:
    """The other names that a provider gives."""
    words = dict.fromkeys(cleaning.text_of(word) for word in title.alternative_titles)
    return [TitleDraft(text, language_of(text), "synonym") for text in words if text]


def _known(value: str) -> str:
    """Nothing where a page says that it does not know."""
    return "" if value == "unknown" else value
