"""Posts made for tests."""

import io
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from core.tests.media.pictures import picture
from social.models import Category, Post, PostImage
from social.services.post_images import post_image_add
from social.services.posts import PostDraft, post_publish


def category_of(slug: str = "general") -> Category:
    """The category of this address; tests that commit lose those of the migration."""
    return Category.objects.get_or_create(
        slug=slug, defaults={"name": slug.title(), "is_staff_only": slug == "news", "position": 10}
    )[0]


def post_of(author: User | None = None, *, age: timedelta | None = None, **fields: Any) -> Post:
    """A post in "general"; `age` says how long ago, `score` how many reactions it counts."""
    score = fields.pop("score", None)
    category_of(fields.get("category", "general"))
    draft = PostDraft(**{"title": "A title", "body": "Words", **fields})
    post = post_publish(actor=author or UserFactory.create(), draft=draft)
    changes: dict[str, Any] = {}
    if age is not None:
        changes["created_at"] = timezone.now() - age
    if score is not None:
        changes |= {"score": score, "like_count": score, "reactions": {"like": score}}
    if changes:
        Post.objects.filter(pk=post.pk).update(**changes)
        post.refresh_from_db()
    return post


def image_of(owner: User, colour: tuple[int, int, int] = (9, 77, 9), **fields: Any) -> PostImage:
    """A picture that `owner` sent and no post shows yet."""
    return post_image_add(actor=owner, file=io.BytesIO(picture(colour=colour)), **fields)
