"""`/posts/{id}/reaction` and `/posts/images`."""

from typing import Any, ClassVar, cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.errors import PayloadTooLarge
from social.api.serializers.posts import PostImageIn, PostImageOut, PostReactionIn, ReactionsOut
from social.api.views.posts import TAGS
from social.limits import POST_IMAGES, REACTIONS
from social.services.post_images import IMAGE_MAX_BYTES, post_image_add
from social.services.post_reactions import reaction_remove, reaction_set

ENVELOPE = 256 * 1024  # bytes of a form around its picture


class PostReaction(View):
    access, scopes = SignedIn, Scope.SOCIAL_WRITE
    limits = {"POST": (REACTIONS,), "DELETE": (REACTIONS,)}

    @extend_schema(operation_id="post_reaction_set", tags=TAGS, request=PostReactionIn, responses=ReactionsOut)
    def post(self, request: Request, id: UUID) -> Response:
        """React, with a like unless said otherwise; another kind replaces the first, the same again changes nothing."""
        kind = self.parse(PostReactionIn).get("kind", "like")
        post = reaction_set(actor=cast(User, request.user), post_id=id, kind=kind)
        found = {name: getattr(post, name) for name in ("reactions", "like_count", "score")}
        return Response(ReactionsOut({**found, "my_reaction": kind}).data)

    @extend_schema(operation_id="post_reaction_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Take one's reaction away; none is fine."""
        reaction_remove(actor=cast(User, request.user), post_id=id)
        return Response(status=204)


class PostImages(View):
    """A body with one picture: a larger one is refused before it is read."""

    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"POST": (POST_IMAGES,)}
    parser_classes: ClassVar[Any] = (MultiPartParser,)
    also_answers = {
        "400": "Not a picture (`image_unreadable`), or one with too many pixels (`image_too_large`)",
        "403": "`muted`",
        "409": "`too_many_images`: thirty wait to be posted",
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if int(request.META.get("CONTENT_LENGTH") or 0) > IMAGE_MAX_BYTES + ENVELOPE:
            raise PayloadTooLarge()
        super().initial(request, *args, **kwargs)

    @extend_schema(
        operation_id="post_image_upload",
        tags=TAGS,
        request={"multipart/form-data": PostImageIn},
        responses={201: PostImageOut},
    )
    def post(self, request: Request) -> Response:
        """Send a picture: JPEG, PNG, WebP, AVIF or GIF (its first frame), told by content. A post takes its `id` in
        `image_ids` or as `![description](image:<id>)` in its text; what no post took within a day is deleted.
        """
        data = self.parse(PostImageIn)
        image = post_image_add(actor=cast(User, request.user), file=data["file"], alt=data.get("alt", ""))
        return Response(PostImageOut(image).data, status=201)
