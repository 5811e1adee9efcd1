"""Comments made for tests."""

from typing import Any

from accounts.models import User
from catalog.models import Anime
from social.access import Target, get_anime_target
from social.models import Comment
from social.services.comments import CommentDraft, comment_publish


def target_of(viewer: User, anime: Anime, episode: int | None = None) -> Target:
    """An anime, or an episode of it, as something to talk about."""
    return get_anime_target(viewer, anime.pk, episode)


def said(author: User, target: Target, body: str = "hello", *, to: Comment | None = None, **draft: Any) -> Comment:
    """A comment written through the service, in answer to `to`."""
    nonce = draft.pop("nonce", "")
    return comment_publish(
        actor=author,
        target=target,
        draft=CommentDraft(body=body, **draft),
        parent_id=to.pk if to else None,
        nonce=nonce,
    )
