"""The spoiler shield: what concerns episodes beyond the viewer's progress is covered until they ask for it.

One rule for pages, feeds, notifications and the API (product.md: "a spoiler shield gated by the viewer's own progress").
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lists.facade import episodes_seen

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User

    Viewer = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Shield:
    """What one viewer has seen. `seen`: by anime, up to which episode; an anime that is not in it was not begun."""

    viewer_id: uuid.UUID | None = None
    seen: Mapping[int, float] = field(default_factory=dict)

    def covers(
        self, *, anime_id: int | None, spoils_episode: int | None, is_spoiler: bool, author_id: uuid.UUID | None
    ) -> bool:
        """Whether this is covered: marked as a spoiler, or about an episode that the viewer has not seen. Never one's own."""
        if self.viewer_id is not None and author_id == self.viewer_id:
            return False
        if is_spoiler:
            return True
        return anime_id is not None and spoils_episode is not None and spoils_episode > self.seen.get(anime_id, 0)


def shield_for(viewer: "Viewer", anime_ids: Iterable[int | None]) -> Shield:
    """The viewer's shield for these anime; one query, none for strangers (who have seen nothing) or without anime."""
    if not viewer.is_authenticated:
        return Shield()
    wanted = {found for found in anime_ids if found is not None}
    return Shield(viewer.pk, episodes_seen(viewer, wanted) if wanted else {})
