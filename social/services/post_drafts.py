"""What somebody wants to post, checked before anything is written."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import anime_adult_check, anime_get_visible, episode_place_get
from core.errors import DomainError, ValidationFailed
from social.access import may_post_in
from social.errors import CategoryClosed
from social.models import Category
from social.models.posts import BODY_LENGTH, TITLE_LENGTH
from social.selectors.posts import category_find
from social.services.texts import text_check

if TYPE_CHECKING:
    from social.models import Post

_LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class PostDraft:
    """A post before it is one. `category`: its slug. `spoils_episode` needs the anime that the post is about.

    `image_ids`: pictures that the author sent (`post_image_add`), in order; those the text places count too. `host`: under
    which the author reaches this site, so that their links to it become cards (`post_texts.linked_of`).
    """

    title: str
    body: str = ""
    category: str = "general"
    anime_id: int | None = None
    spoils_episode: int | None = None
    is_spoiler: bool = False
    image_ids: tuple[uuid.UUID, ...] = ()
    host: str = ""

    @classmethod
    def of(cls, post: "Post") -> "PostDraft":
        """The draft that a post was made of, to be changed and given to `post_edit`. One query."""
        return cls(
            title=post.title,
            body=post.body,
            category=post.category.slug,
            anime_id=post.anime_id,
            spoils_episode=post.spoils_episode,
            is_spoiler=post.is_spoiler,
            image_ids=tuple(post.images.values_list("pk", flat=True)),
        )


def draft_checked(
    draft: PostDraft, *, actor: User, as_staff: bool, kept: "Post | None" = None
) -> tuple[PostDraft, Category]:
    """The draft as it may be stored, and its category. `kept`: the post that is being edited; `as_staff`: the rights of the
    actor's role count.

    Texts stay as they were written; what no database holds (NUL, lone surrogates), nothing that draws (in the title; in
    the text where there is no picture either) and what is too long is refused. An anime that was merged away gives the one
    it became. What a post had may stay as it was: a category closed since, an anime taken down since.
    Raises `ValidationFailed` naming every bad field and `CategoryClosed` (403).
    """
    wrong: dict[str, list[str]] = {}
    title = " ".join(draft.title.splitlines())
    _text_check(wrong, "title", title, TITLE_LENGTH, is_required=True, empty=_("Give it a title."))
    _text_check(wrong, "body", draft.body, BODY_LENGTH, is_required=not draft.image_ids)
    category = category_find(draft.category)
    if category is None:
        wrong["category"] = [_("There is no such category.") if draft.category else _("Choose a category.")]
    anime_id = _anime_checked(wrong, draft, actor, kept)
    if wrong or category is None:
        raise ValidationFailed(wrong)
    is_kept = kept is not None and kept.category_id == category.pk
    if not is_kept and not may_post_in(actor, category, as_staff=as_staff):
        raise CategoryClosed()
    return replace(draft, title=title, anime_id=anime_id), category


def _text_check(
    wrong: dict[str, list[str]], name: str, text: str, limit: int, *, is_required: bool, empty: str = ""
) -> None:
    try:
        text_check(body=text, limit=limit, field=name, is_required=is_required, empty=empty)
    except ValidationFailed as error:
        wrong.update(error.extra["fields"])


def _anime_checked(wrong: dict[str, list[str]], draft: PostDraft, actor: User, kept: "Post | None") -> int | None:
    anime_id, episode = draft.anime_id, draft.spoils_episode
    if anime_id is None:
        if episode is not None:
            wrong["spoils_episode"] = [_("Say which anime it is an episode of.")]
        return None
    if kept is not None and (kept.anime_id, kept.spoils_episode) == (anime_id, episode):
        return anime_id
    try:
        if not 0 < anime_id <= _LARGEST:
            raise ValidationFailed({})
        anime = anime_get_visible(actor, anime_id)
        anime_adult_check(actor, anime.is_adult)
    except DomainError:
        wrong["anime_id"] = [_("There is no such anime.")]
        return None
    if episode is not None:
        try:
            if episode < 1:
                raise ValidationFailed({})
            episode_place_get(actor, anime.pk, episode)
        except DomainError:
            wrong["spoils_episode"] = [_("The anime has no such episode.")]
    return anime.pk


def changes_applied(draft: PostDraft, changes: Mapping[str, object]) -> PostDraft:
    """The draft with some of its fields changed; another anime without an episode forgets the old one's."""
    if "anime_id" in changes and changes["anime_id"] != draft.anime_id and "spoils_episode" not in changes:
        changes = {**changes, "spoils_episode": None}
    return replace(draft, **changes)  # type: ignore[arg-type]  # the serializer's fields are the draft's


__all__ = ["PostDraft", "changes_applied", "draft_checked"]
