"""What muted people do not write: words in collections that others may open. Their private ones stay their own affair."""

from accounts.facade import User, muted_row_check
from lists.models import Collection, CollectionVisibility

_SHOWN = {CollectionVisibility.PRIVATE: 0, CollectionVisibility.UNLISTED: 1, CollectionVisibility.PUBLIC: 2}


def words_check(collection: Collection, *, says: bool, owner: User | None = None) -> None:
    """Raises `Muted` (403) where its owner is muted, others may open it, and the change `says` something.

    `owner`: their row as fresh as the collection's, which the caller holds; unless said, the one loaded with it.
    """
    if says and collection.visibility != CollectionVisibility.PRIVATE:
        muted_row_check(owner or collection.owner)


def publishing_check(collection: Collection, *, title: str, description: str, visibility: str) -> None:
    """Raises `Muted` where its muted owner would show more of it than before, or other words to others."""
    before = CollectionVisibility(collection.visibility)
    is_wider = _SHOWN[CollectionVisibility(visibility)] > _SHOWN[before]
    is_said = bool(title != collection.title or (description and description != collection.description))
    if visibility != CollectionVisibility.PRIVATE and (is_wider or is_said):
        muted_row_check(collection.owner)
