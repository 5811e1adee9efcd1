"""Shapes of posts, their pictures, reactions and categories."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from catalog.facade import CardOut
from core.media.images import image_sources
from social.api.serializers.people import AuthorOut, author_out
from social.models import Category, PostImage, PostRevision, ReactionKind
from social.models.posts import BODY_LENGTH, IMAGES_LIMIT, TITLE_LENGTH
from social.selectors.posts import PostRow
from social.services.nonces import NONCE_LENGTH
from social.services.post_images import ALT_LENGTH

IMAGE_WIDTH = 720


class CategoryOut(serializers.Serializer):
    """A shelf of posts."""

    slug = serializers.CharField()
    name = serializers.CharField(help_text="In the language of the answer.")
    description = serializers.CharField()
    is_staff_only = serializers.BooleanField(help_text="Whether only staff post there.")

    def to_representation(self, instance: Category) -> dict[str, Any]:
        return {
            "slug": instance.slug,
            "name": instance.shown_name,
            "description": instance.description,
            "is_staff_only": instance.is_staff_only,
        }


class PostImageOut(serializers.Serializer):
    """A picture; `![description](image:<id>)` places it in the text."""

    id = serializers.UUIDField()
    alt = serializers.CharField()
    is_covered = serializers.BooleanField(help_text="The text places it in a spoiler.")
    url = serializers.CharField(help_text="WebP at 720 pixels or the next that there is.")
    srcset = serializers.CharField(help_text="WebP in every width.")
    srcset_avif = serializers.CharField()
    width = serializers.IntegerField(help_text="Pixels.")
    height = serializers.IntegerField(help_text="Pixels.")
    colour = serializers.CharField(help_text="#rrggbb")
    placeholder = serializers.CharField(help_text="A data: address of a few hundred bytes.")

    def to_representation(self, instance: PostImage) -> dict[str, Any]:
        sources = image_sources(instance.image, width=IMAGE_WIDTH)
        return {
            "id": instance.pk,
            "alt": instance.alt,
            "is_covered": instance.is_covered,
            "url": sources.src,
            "srcset": sources.webp,
            "srcset_avif": sources.avif,
            "width": sources.width,
            "height": sources.height,
            "colour": sources.colour,
            "placeholder": sources.placeholder,
        }


class LinkedOut(serializers.Serializer):
    """An anime that the text links to."""

    episode = serializers.IntegerField(allow_null=True, help_text="Where the link leads to an episode, its number.")
    anime = CardOut()


class PostOut(serializers.Serializer):
    """A post in a list (`selectors.posts.PostRow`)."""

    id = serializers.UUIDField()
    author = AuthorOut(allow_null=True, help_text="null: their account was erased.")
    category = CategoryOut()
    title = serializers.CharField(help_text="As it was written.")
    excerpt = serializers.CharField(help_text="The beginning in plain words, spoilers covered.")
    is_spoiler = serializers.BooleanField()
    spoils_episode = serializers.IntegerField(allow_null=True, help_text="It gives away the anime up to this episode.")
    is_covered = serializers.BooleanField(help_text="Whether the caller should be asked before its text is shown.")
    anime = CardOut(allow_null=True, help_text="What it is about.")
    linked = LinkedOut(many=True, help_text="What its text links to, in order; at most ten.")
    images = PostImageOut(many=True)
    reactions = serializers.DictField(child=serializers.IntegerField(), help_text="Kind → how many; none: no key.")
    like_count = serializers.IntegerField()
    score = serializers.IntegerField(help_text="All reactions together.")
    my_reaction = serializers.ChoiceField(choices=ReactionKind.choices, allow_null=True)
    comment_count = serializers.IntegerField()
    is_pinned = serializers.BooleanField()
    is_locked = serializers.BooleanField()
    can_edit = serializers.BooleanField()
    can_delete = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: PostRow) -> dict[str, Any]:
        post = instance.post
        return {
            "id": post.pk,
            "author": author_out(instance.author),
            "category": CategoryOut(post.category).data,
            "title": post.title,
            "excerpt": post.excerpt,
            "is_spoiler": post.is_spoiler,
            "spoils_episode": post.spoils_episode,
            "is_covered": instance.is_covered,
            "anime": instance.anime,
            "linked": linked_out(instance.linked),
            "images": PostImageOut(instance.images, many=True).data,
            "reactions": post.reactions,
            "like_count": post.like_count,
            "score": post.score,
            "my_reaction": instance.my_reaction or None,
            "comment_count": instance.comment_count,
            "is_pinned": post.is_pinned,
            "is_locked": post.is_locked,
            "can_edit": instance.can_edit,
            "can_delete": instance.can_delete,
            "created_at": post.created_at,
            "edited_at": post.edited_at,
        }


class PostWholeOut(PostOut):
    """One post with its text."""

    body = serializers.CharField(help_text="Markdown as it was written.")
    html = serializers.CharField(help_text="The same as HTML that is safe to show.")

    def to_representation(self, instance: PostRow) -> dict[str, Any]:
        return {**super().to_representation(instance), "body": instance.post.body, "html": instance.post.html}


class PostPageOut(serializers.Serializer):
    """A stretch of posts by key."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    pinned = PostOut(many=True, help_text="On the first page of what is browsed: what staff keep at the top.")
    results = PostOut(many=True)


class PostIn(serializers.Serializer):
    """A post as its author writes it. Texts stay as they are; fields that are not here are passed over."""

    title = serializers.CharField(max_length=TITLE_LENGTH, trim_whitespace=False)
    body = serializers.CharField(
        max_length=BODY_LENGTH,
        trim_whitespace=False,
        allow_blank=True,
        required=False,
        help_text="Markdown, `||spoiler||`, `@name`; may be empty only beside pictures.",
    )
    category = serializers.CharField(
        max_length=40, required=False, help_text="A slug of `GET /categories`; else general."
    )
    anime_id = serializers.IntegerField(required=False, allow_null=True, help_text="What it is about.")
    spoils_episode = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    is_spoiler = serializers.BooleanField(required=False)
    image_ids = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=IMAGES_LIMIT,
        required=False,
        help_text="What `POST /posts/images` answered, in order; those the text places need not be named.",
    )

    def validate_image_ids(self, value: list[Any]) -> tuple[Any, ...]:
        return tuple(value)


class PostNewIn(PostIn):
    nonce = serializers.CharField(
        max_length=NONCE_LENGTH, required=False, allow_blank=True, help_text="The same again answers the first post."
    )


class PostReactionIn(serializers.Serializer):
    kind = serializers.ChoiceField(choices=ReactionKind.choices, required=False, help_text="Else like.")


class ReactionsOut(serializers.Serializer):
    """What people said of a post."""

    reactions = serializers.DictField(child=serializers.IntegerField())
    like_count = serializers.IntegerField()
    score = serializers.IntegerField()
    my_reaction = serializers.ChoiceField(choices=ReactionKind.choices, allow_null=True)


class PostImageIn(serializers.Serializer):
    file = serializers.FileField(help_text="JPEG, PNG, WebP, AVIF or GIF, at most 5 MB.")
    alt = serializers.CharField(max_length=ALT_LENGTH, required=False, allow_blank=True)


class PreviewIn(serializers.Serializer):
    body = serializers.CharField(max_length=BODY_LENGTH, trim_whitespace=False, allow_blank=True)


class PreviewOut(serializers.Serializer):
    html = serializers.CharField()
    linked = LinkedOut(many=True, help_text="As of a post: what the text links to.")


class PostRevisionOut(serializers.Serializer):
    """What a post said before."""

    title = serializers.CharField()
    body = serializers.CharField(help_text="Markdown as it was written.")
    is_covered = serializers.BooleanField(help_text="As the post's: beyond what the caller has seen, or a spoiler.")
    editor = AuthorOut(allow_null=True)
    created_at = serializers.DateTimeField(help_text="When something else took its place.")

    def to_representation(self, instance: PostRevision) -> dict[str, Any]:
        return {
            "title": instance.title,
            "body": instance.body,
            "is_covered": self.context["is_covered"],
            "editor": author_out(instance.editor),
            "created_at": instance.created_at,
        }


def linked_out(cards: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a text links to (`selectors.posts.PostRow.linked`)."""
    return [
        {"episode": card["episode"], "anime": {name: value for name, value in card.items() if name != "episode"}}
        for card in cards
    ]
