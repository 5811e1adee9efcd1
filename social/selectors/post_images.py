"""Pictures of posts as their composer shows them."""

import uuid
from collections.abc import Collection

from accounts.facade import User
from social.models import Post, PostImage


def images_for_writing(actor: User, ids: Collection[uuid.UUID], *, post: Post | None = None) -> list[PostImage]:
    """Those of `ids`, in their order, that `actor` sent and that no other post shows; one query."""
    rows = PostImage.objects.select_related("image").filter(owner=actor, pk__in=ids) if ids else []
    own = {row.pk: row for row in rows if row.post_id is None or (post is not None and row.post_id == post.pk)}
    return [own[image_id] for image_id in ids if image_id in own]


def images_of_post(post: Post) -> list[PostImage]:
    """The pictures of a post, in order; one query."""
    return list(post.images.select_related("image").order_by("position", "pk"))


__all__ = ["images_for_writing", "images_of_post"]
