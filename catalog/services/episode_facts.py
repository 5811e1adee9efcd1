"""Lists of episodes that a service gave, into anime that are there."""

from collections.abc import Sequence

from django.db import transaction

from catalog.importing.episode_writer import EpisodeCounts, episodes_write
from catalog.importing.records import EpisodeRecord
from catalog.services.changes import catalog_touch


def episodes_apply(*, records: Sequence[EpisodeRecord]) -> EpisodeCounts:
    """Store what differs, as imports do, and rebuild the documents of what changed; one short transaction.

    Nothing known is overwritten by nothing, and nothing of an anime whose field `episodes` is locked; anime that nobody
    has are `rejected`.
    """
    with transaction.atomic():
        counts = episodes_write(list(records))
        catalog_touch(anime_ids=counts.touched)
    return counts
