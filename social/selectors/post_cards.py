"""The catalogue's cards of what posts are about and link to: one query for a page of them."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from accounts.facade import User, sees_adult, sees_hidden
from catalog.facade import anime_cards, anime_ids_current
from social.models import Post

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser

Card = dict[str, Any]


def cards_of_posts(viewer: "Viewer", posts: Sequence[Post]) -> dict[int, Card]:
    """{anime id, as the posts name it: card} of those the viewer may see, without adult ones that they did not ask for.

    One query. What was merged away since is looked up by what it became, with two more, only where something is missing.
    """
    wanted = {pair[0] for post in posts for pair in post.linked} | {post.anime_id for post in posts if post.anime_id}
    return cards_found(viewer, wanted)


def cards_found(viewer: "Viewer", wanted: Collection[int]) -> dict[int, Card]:
    """{anime id, as asked for: card} of those the viewer may see, as `cards_of_posts` has it."""
    if not wanted:
        return {}
    found = anime_cards(viewer, sorted(wanted))
    if missing := set(wanted) - found.keys():
        moved = {asked: now for asked, now in anime_ids_current(missing).items() if asked != now}
        cards = anime_cards(viewer, sorted(set(moved.values()))) if moved else {}
        found |= {asked: cards[now] for asked, now in moved.items() if now in cards}
    if sees_adult(viewer) or sees_hidden(viewer):
        return found
    return {asked: card for asked, card in found.items() if not card["is_adult"]}


def shows_card(post: Post, anime_id: int, episode: int | None) -> bool:
    """Whether a link of the text gets a card beside that of what the post is about."""
    return episode is not None or anime_id != post.anime_id


__all__ = ["Card", "cards_found", "cards_of_posts", "shows_card"]
