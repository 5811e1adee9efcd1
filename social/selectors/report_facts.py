"""What staff read of something that was reported: the same fields in the report's snapshot and of how it is now."""

from typing import Any

from accounts.facade import User
from social.models import Comment, Post


def person_facts(person: User) -> dict[str, Any]:
    """What a person shows of themselves to everybody. `avatar`: a stored image's id, only there where there is one."""
    facts = {"username": person.username, "display_name": person.display_name, "bio": person.bio}
    return {**facts, "avatar": str(person.avatar_id)} if person.avatar_id else facts


def post_facts(post: Post) -> dict[str, Any]:
    """A post; its author, category and anime are loaded."""
    return {
        "title": post.title,
        "body": post.body,
        "author": post.author.username if post.author else "",
        "category": post.category.slug,
        "is_spoiler": post.is_spoiler,
        "spoils_episode": post.spoils_episode,
        "anime": post.anime.title if post.anime else "",
    }


def comment_facts(comment: Comment) -> dict[str, Any]:
    """A comment; its author is loaded."""
    return {
        "body": comment.body,
        "author": comment.author.username if comment.author else "",
        "is_spoiler": comment.is_spoiler,
        "spoils_episode": comment.spoils_episode,
    }


__all__ = ["comment_facts", "person_facts", "post_facts"]
