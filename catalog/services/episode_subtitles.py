"""Subtitles that lie beside the videos of a library: rows of the episodes that they are of."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from catalog.models import Anime, Episode, SubtitleTrack
from catalog.services.changes import catalog_touch

_BATCH = 400


@dataclass(frozen=True, slots=True)
class SubtitleDraft:
    """Subtitles of episode `number` of `episode_kind`; the rest as in `SubtitleTrack` (`format` vtt or ass)."""

    episode_kind: str
    number: int
    language: str
    format: str
    path: str
    label: str = ""
    is_forced: bool = False


def subtitles_put(*, puts: Mapping[int, Sequence[SubtitleDraft]]) -> int:
    """Make the tracks that are not there yet, {anime: drafts}; how many. Constant queries per 400 tracks.

    A draft of an episode that has no row is passed over, and so is one whose path the episode has already: what staff said
    of that track stands.
    """
    made = 0
    with transaction.atomic():
        current = Anime.objects.filter(pk__in=list(puts), merged_into=None).values_list("pk", flat=True)
        touched = set()
        for anime_id in sorted(current):
            if count := _put(anime_id, puts[anime_id]):
                touched.add(anime_id)
                made += count
        catalog_touch(anime_ids=touched)
    return made


def _put(anime_id: int, drafts: Sequence[SubtitleDraft]) -> int:
    kinds = {draft.episode_kind for draft in drafts}
    rows = Episode.objects.filter(anime=anime_id, kind__in=kinds).order_by()
    episodes = {(kind, number): pk for kind, number, pk in rows.values_list("kind", "number", "pk")}
    known: dict[int, set[str]] = defaultdict(set)
    paths = sorted({draft.path for draft in drafts})
    for start in range(0, len(paths), _BATCH):
        tracks = SubtitleTrack.objects.filter(episode__anime=anime_id, path__in=paths[start : start + _BATCH])
        for episode_id, path in tracks.order_by().values_list("episode_id", "path"):
            known[episode_id].add(path)
    made = []
    for draft in drafts:
        place = (draft.episode_kind, draft.number)
        if place not in episodes or draft.path in known[episodes[place]]:
            continue
        known[episodes[place]].add(draft.path)
        made.append(
            SubtitleTrack(
                episode_id=episodes[place],
                language=draft.language[:12],
                format=draft.format,
                path=draft.path,
                label=draft.label[:80],
                is_forced=draft.is_forced,
            )
        )
    SubtitleTrack.objects.bulk_create(made, batch_size=_BATCH)
    return len(made)


def subtitles_below(prefix: str) -> set[str]:
    """The stored paths of all tracks that begin with `prefix`; one query."""
    return set(SubtitleTrack.objects.filter(path__startswith=prefix).order_by().values_list("path", flat=True))


def subtitles_remove(*, paths: Collection[str]) -> int:
    """Take away the tracks whose files are not there any more; how many. The files are nobody's business here."""
    ordered, count = sorted(paths), 0
    with transaction.atomic():
        touched: set[int] = set()
        for start in range(0, len(ordered), _BATCH):
            rows = SubtitleTrack.objects.filter(path__in=ordered[start : start + _BATCH])
            touched.update(rows.order_by().values_list("episode__anime", flat=True))
            count += rows.delete()[0]
        catalog_touch(anime_ids=touched)
    return count
