"""Shapes of comments; trees are written by hand, for a page holds hundreds of them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from social.access import Target
from social.api.serializers.people import AuthorOut, author_out
from social.models import Comment, ThreadKind
from social.models.comments import BODY_LENGTH
from social.models.posts import BODY_LENGTH as POST_LENGTH
from social.selectors.comment_trees import CommentNode, CommentSort
from social.selectors.person_comments import PersonComment
from social.services.comments import SPOILS_MAX
from social.services.nonces import NONCE_LENGTH

SORTS = [sort.value for sort in CommentSort]
_REPLIES = {"type": "array", "items": {"$ref": "#/components/schemas/Comment"}}

OWN_VOTES = [(-1, "down"), (0, "none"), (1, "up")]


class TargetOut(serializers.Serializer):
    """What a thread hangs on."""

    kind = serializers.ChoiceField(choices=ThreadKind.choices)
    title = serializers.CharField()
    path = serializers.CharField(help_text="Its page on the site.")
    anime_id = serializers.IntegerField(allow_null=True, help_text="Of anime, episodes, and posts about an anime.")
    episode = serializers.IntegerField(allow_null=True)
    post_id = serializers.UUIDField(allow_null=True)
    collection_id = serializers.UUIDField(allow_null=True)

    def to_representation(self, instance: Target) -> dict[str, Any]:
        return {
            "kind": instance.kind.value,
            "title": str(instance.title),
            "path": instance.path,
            "anime_id": instance.anime_id,
            "episode": instance.episode_number,
            "post_id": instance.post_id,
            "collection_id": instance.collection_id,
        }


class CommentOut(serializers.Serializer):
    """A comment in its tree (`selectors.comment_trees.CommentNode`)."""

    id = serializers.UUIDField()
    parent_id = serializers.UUIDField(allow_null=True, help_text="What it answers.")
    depth = serializers.IntegerField(help_text="0 at the top, at most 30.")
    author = AuthorOut(allow_null=True, help_text="null: their account was erased, or the comment shows nothing.")
    body = serializers.CharField(help_text="Markdown as it was written.")
    html = serializers.CharField(help_text="Safe HTML of it.")
    is_gone = serializers.BooleanField(help_text="It only holds the place of its answers: no text, no author.")
    is_spoiler = serializers.BooleanField()
    spoils_episode = serializers.IntegerField(allow_null=True, help_text="It gives away the anime up to this episode.")
    is_covered = serializers.BooleanField(help_text="Whether the caller should be asked before its text is shown.")
    up_votes = serializers.IntegerField()
    down_votes = serializers.IntegerField()
    score = serializers.IntegerField(help_text="up_votes - down_votes")
    my_vote = serializers.ChoiceField(choices=OWN_VOTES)
    can_edit = serializers.BooleanField()
    can_delete = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    reply_count = serializers.IntegerField(help_text="Direct answers.")
    replies = serializers.SerializerMethodField(help_text="The first answers, sorted as the page is.")
    hidden_reply_count = serializers.IntegerField(help_text="About how many answers are not in `replies`.")
    replies_cursor = serializers.CharField(
        allow_null=True, help_text="`cursor` of /comments/{id}/replies for those, with the same `sort`; null: no more."
    )

    @extend_schema_field(_REPLIES)
    def get_replies(self, node: CommentNode) -> list[dict[str, Any]]:
        return [comment_out(reply) for reply in node.replies]

    def to_representation(self, instance: CommentNode) -> dict[str, Any]:
        return comment_out(instance)


class CommentPageOut(serializers.Serializer):
    """A page of one level of a thread."""

    count = serializers.IntegerField(help_text="Comments of the whole thread, but of people hidden by a block.")
    sort = serializers.ChoiceField(choices=SORTS)
    is_locked = serializers.BooleanField(help_text="Whether only staff still write here.")
    next = serializers.CharField(allow_null=True, help_text="Address of the next page of this level.")
    previous = serializers.CharField(allow_null=True, help_text="Always null: levels are read forwards.")
    results = CommentOut(many=True)


class CommentTrailOut(serializers.Serializer):
    """A comment in its place."""

    target = TargetOut()
    ancestors = CommentOut(many=True, help_text="What it answers, from the top down; without their answers.")
    comment = CommentOut()


class PersonCommentOut(serializers.Serializer):
    """A comment among those of its author (`selectors.person_comments.PersonComment`)."""

    target = TargetOut()
    comment = CommentOut()

    def to_representation(self, instance: PersonComment) -> dict[str, Any]:
        return {"target": TargetOut(instance.target).data, "comment": comment_out(instance.node)}


class PersonCommentPageOut(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True, help_text="Always null.")
    results = PersonCommentOut(many=True)


class CommentIn(serializers.Serializer):
    """Markdown with ||spoilers||, @mentions and times like 12:34; kept as it is written."""

    body = serializers.CharField(max_length=BODY_LENGTH, trim_whitespace=False, allow_blank=True)
    parent_id = serializers.UUIDField(required=False, allow_null=True, help_text="The comment that it answers.")
    is_spoiler = serializers.BooleanField(required=False)
    spoils_episode = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=SPOILS_MAX,
        help_text="It gives away the anime up to this episode; unless said that of the thread, 0: nothing.",
    )
    nonce = serializers.CharField(
        required=False, allow_blank=True, max_length=NONCE_LENGTH, help_text="The same again answers the same comment."
    )


class AnimeCommentIn(CommentIn):
    episode = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=SPOILS_MAX, help_text="Write under this episode."
    )


class CommentChangeIn(serializers.Serializer):
    """What is not named stays."""

    body = serializers.CharField(max_length=BODY_LENGTH, trim_whitespace=False, allow_blank=True, required=False)
    is_spoiler = serializers.BooleanField(required=False)
    spoils_episode = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=SPOILS_MAX)


class VoteIn(serializers.Serializer):
    value = serializers.ChoiceField(choices=[1, -1], help_text="1 up, -1 down.")


class VoteOut(serializers.Serializer):
    """How the votes on a comment stand."""

    id = serializers.UUIDField()
    up_votes = serializers.IntegerField()
    down_votes = serializers.IntegerField()
    score = serializers.IntegerField()
    my_vote = serializers.ChoiceField(choices=OWN_VOTES)


class CommentPreviewIn(serializers.Serializer):
    body = serializers.CharField(max_length=POST_LENGTH, trim_whitespace=False, allow_blank=True)
    anime_id = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    episode = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=SPOILS_MAX, help_text="Times lead into this episode."
    )


class CommentPreviewOut(serializers.Serializer):
    html = serializers.CharField()


class CollectionCommentIn(serializers.Serializer):
    body = serializers.CharField(max_length=2_000)


class CollectionCommentOut(serializers.Serializer):
    """A comment with its author. In the context `viewer_id`: whose look it is, None for strangers."""

    id = serializers.UUIDField()
    collection_id = serializers.UUIDField()
    parent_id = serializers.UUIDField(allow_null=True, help_text="What it answers.")
    body = serializers.CharField()
    is_spoiler = serializers.BooleanField()
    is_covered = serializers.BooleanField(help_text="Whether the caller should be asked before its text is shown.")
    author = AuthorOut()
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: Comment) -> dict[str, Any]:
        return {
            "id": instance.pk,
            "collection_id": instance.thread.collection_id,
            "parent_id": instance.parent_id,
            "body": instance.body,
            "is_spoiler": instance.is_spoiler,
            "is_covered": instance.is_spoiler and instance.author_id != self.context["viewer_id"],
            "author": author_out(instance.author),
            "created_at": instance.created_at,
        }


def vote_out(comment: Comment, value: int) -> dict[str, Any]:
    """How the votes on `comment` stand, with the caller's own."""
    return {
        "id": comment.pk,
        "up_votes": comment.up_votes,
        "down_votes": comment.down_votes,
        "score": comment.score,
        "my_vote": value,
    }


def comment_out(node: CommentNode) -> dict[str, Any]:
    """A comment with the answers that were read."""
    comment = node.comment
    return {
        "id": comment.pk,
        "parent_id": comment.parent_id,
        "depth": comment.depth,
        "author": author_out(node.author),
        "body": comment.body,
        "html": comment.html,
        "is_gone": node.is_gone,
        "is_spoiler": comment.is_spoiler,
        "spoils_episode": comment.spoils_episode,
        "is_covered": node.is_covered,
        "up_votes": comment.up_votes,
        "down_votes": comment.down_votes,
        "score": comment.score,
        "my_vote": node.my_vote,
        "can_edit": node.can_edit,
        "can_delete": node.can_delete,
        "created_at": comment.created_at,
        "edited_at": comment.edited_at,
        "reply_count": comment.reply_count,
        "replies": [comment_out(reply) for reply in node.replies],
        "hidden_reply_count": node.hidden_reply_count,
        "replies_cursor": node.replies_cursor or None,
    }
