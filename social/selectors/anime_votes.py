"""How the votes on an anime stand, and what one viewer gave."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from social.models import AnimeVote, AnimeVotes

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User

    Viewer = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Votes:
    """`mine`: 1, -1, or None for strangers and who has not voted."""

    anime_id: int
    likes: int = 0
    dislikes: int = 0
    mine: int | None = None


def votes_of(viewer: "Viewer", anime_id: int) -> Votes:
    """The votes on an anime (who may see it, the caller checked); one query, two for those signed in."""
    row = AnimeVotes.objects.filter(pk=anime_id).first()
    mine = None
    if viewer.is_authenticated:
        mine = AnimeVote.objects.filter(user=viewer, anime=anime_id).values_list("value", flat=True).first()
    return Votes(anime_id, row.likes, row.dislikes, mine) if row else Votes(anime_id, mine=mine)
