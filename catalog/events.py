"""What of the catalogue the apps above must hear of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnimeMerging:
    """`duplicate_id` is about to become part of `keep_id`. Emitted first in the transaction of the merge, which holds nothing
    yet: what has to be held before the two anime are is held now.
    """

    keep_id: int
    duplicate_id: int


@dataclass(frozen=True, slots=True)
class AnimeMerged:
    """`duplicate_id` is now part of `keep_id`: move what hangs on it. Emitted inside the transaction of the merge.

    Episodes keep their numbers in the anime that stays.
    """

    keep_id: int
    duplicate_id: int


@dataclass(frozen=True, slots=True)
class AnimeSplitting:
    """Something of `from_id` is about to become another anime's. Emitted first in the transaction, as `AnimeMerging` is."""

    from_id: int


@dataclass(frozen=True, slots=True)
class AnimeSplit:
    """Episodes `first` to `last` of `kind` of `from_id` are now those of `to_id`, their numbers larger by `offset`: move what
    hangs on them. Emitted inside the transaction. Without episodes `kind` is "" and the numbers are 0.

    `external_ids` are the (site, id) pairs that are now of `to_id`.
    """

    from_id: int
    to_id: int
    kind: str = ""
    first: int = 0
    last: int = 0
    offset: int = 0
    external_ids: tuple[tuple[str, str], ...] = ()

    @property
    def moves_watching(self) -> bool:
        """Whether the episodes are those that people watch and talk about by number alone: no specials, no trailers."""
        return self.kind == "regular"


@dataclass(frozen=True, slots=True)
class EpisodePublished:
    """Regular episode `number` plays as `kind` (sub, dub, raw) in `language` (BCP 47) and did not before. Emitted inside the
    transaction that added its source, once for each variant.
    """

    anime_id: int
    number: int
    kind: str
    language: str
