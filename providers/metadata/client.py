"""What a metadata client is, and what it answers."""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from catalog.facade import AnimeRecord
from core.egress import Rate


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a service says of one id: `payload` its own JSON, `record` the same in the catalogue's terms.

    `fetched_at` is when the service said or last confirmed it (304); `is_stale` when it could not be asked again and the
    answer is past its 24 hours (`error_code` says why). `record` is None when the service knows no such id.
    """

    source: str
    external_id: str
    payload: dict[str, Any]
    record: AnimeRecord | None
    fetched_at: datetime.datetime
    is_stale: bool = False
    error_code: str = ""

    def age_seconds(self, now: datetime.datetime) -> int:
        """Whole seconds since the service said it."""
        return max(0, int((now - self.fetched_at).total_seconds()))


class MetadataClient(ABC):
    """One service. `site` is the catalogue's name of its ids (`Site`), `rates` its own published limits, never exceeded by
    all processes together. Answers are kept as `MetadataSnapshot` rows and are fresh for 24 hours. `position` is that of its
    row when it is made: the lowest is preferred.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    site: ClassVar[str]
    base_url: ClassVar[str]
    rates: ClassVar[tuple[Rate, ...]]
    position: ClassVar[int] = 0

    @abstractmethod
    def anime(self, external_id: str, *, is_fresh: bool = False) -> Metadata:
        """What the service says of an id. Kept answers younger than 24 hours are given without asking, unless `is_fresh`.

        It is kept under the service's own id, whatever it was asked by: `external_id` of the answer says which.
        When the service cannot be asked, what is kept is given as stale; raises the `EgressError` only when nothing is.
        Raises `ProviderDisabled` when the row is off and nothing is kept.
        """

    @abstractmethod
    def search(self, title: str, *, limit: int = 10) -> list[Metadata]:
        """Titles that the service finds, best first; never kept, never stale."""

    def id_among(self, ids: Mapping[str, Sequence[str]]) -> str | None:
        """The id to ask by, of what is known of an anime elsewhere ({site: ids}); None when the service cannot be asked."""
        return next(iter(ids.get(self.site, ())), None)
