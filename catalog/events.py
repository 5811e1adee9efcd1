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
class EpisodePublished:
    """Regular episode `number` plays as `kind` (sub, dub, raw) in `language` (BCP 47) and did not before. Emitted inside the
    transaction that added its source, once for each variant.
    """

    anime_id: int
    number: int
    kind: str
    language: str
