"""What lists tell the rest of the house, inside the transaction in which it happened."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class EntryChanged:
    """An entry was added, changed or removed. `changes` is {field: (before, after)}; a removed entry has `is_removed`.

    An undo says `activity_id` and `was_public` of the change that it takes back. `batch`: it is one of many made at once.
    """

    user_id: uuid.UUID
    anime_id: int
    changes: dict[str, tuple[Any, Any]]
    source: str
    activity_id: uuid.UUID
    is_new: bool = False
    is_removed: bool = False
    was_public: bool = False
    batch: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class HistoryForgotten:
    """Somebody had the history of changes of their list forgotten: nothing is to tell of them any more."""

    user_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class CollectionPublished:
    """A collection that was not public before is public now. Who made it private again says nothing: ask when reading."""

    collection_id: uuid.UUID
    owner_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class EpisodeWatched:
    """Somebody saw an episode: emitted once per person, anime, episode and `viewing` (0 the first, 1 the first rewatch).

    The economy accrues what an episode is worth from it (reference: POST /anime-list/:anime_id/episode).
    """

    user_id: uuid.UUID
    anime_id: int
    episode_number: int
    viewing: int
    source: str
    watched_at: datetime


@dataclass(frozen=True, slots=True)
class ChallengeClaimed:
    """Somebody completed a challenge and claims its coins; once per person and collection. The economy pays."""

    user_id: uuid.UUID
    collection_id: uuid.UUID
    coins: int
