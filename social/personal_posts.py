"""How a person's posts, pictures and reactions are exported and erased."""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.models import StoredImage
from core.personal_data import EARLY, ExportFile, Person, Row, erase_part, export_files, export_part, rows_of
from social.models import Post, PostImage, PostReaction, PostRevision
from social.services import post_erasure


@export_part("social/posts", label=_("Your posts"), models=["social.Post"])
def posts(user: Person) -> Iterator[Row]:
    fields = ("id", "title", "body", "anime_id", "spoils_episode", "is_spoiler", "is_pinned", "is_locked", "score")
    more = ("created_at", "edited_at", "deleted_at", "reactions")
    return rows_of(Post.objects.filter(author=user), *fields, *more, in_category=F("category__slug"))


@export_part("social/post-revisions", label=_("What your posts said before"), models=["social.PostRevision"])
def revisions(user: Person) -> Iterator[Row]:
    found = PostRevision.objects.filter(post__author=user)
    return rows_of(found, "post_id", "title", "body", "created_at")


@export_part("social/post-images", label=_("Pictures of your posts"), models=["social.PostImage"])
def images(user: Person) -> Iterator[Row]:
    found = PostImage.objects.filter(owner=user)
    return rows_of(found, "id", "post_id", "image_id", "alt", "position", "created_at")


@export_files("social/post-images")
def image_files(user: Person) -> Iterator[ExportFile]:
    """The pictures in their largest variants, one a format."""
    for image in StoredImage.objects.filter(pk__in=PostImage.objects.filter(owner=user).values("image_id")):
        width = max(image.variants, key=int, default=None)
        for kind, name in sorted(image.variants[width].items()) if width else ():
            yield ExportFile(f"posts/{image.pk}-{width}.{kind}", default_storage, name)


@export_part("social/post-reactions", label=_("Posts you reacted to"), models=["social.PostReaction"])
def reactions(user: Person) -> Iterator[Row]:
    """Which, not what others wrote there: it may be deleted, or not for this person any more."""
    found = PostReaction.objects.filter(user=user)
    return rows_of(found, "post_id", "kind", "created_at")


@erase_part("social/post-mentions", models=[], order=EARLY)
def mentions_erase(user: Person) -> None:
    post_erasure.mentions_erase(user)


@erase_part("social/posts", models=["social.Post", "social.PostRevision"])
def posts_erase(user: Person) -> Iterator[None]:
    return post_erasure.posts_erase(user)


@erase_part("social/post-images", models=["social.PostImage"])
def images_erase(user: Person) -> None:
    post_erasure.images_erase(user)


@erase_part("social/post-reactions", models=["social.PostReaction"])
def reactions_erase(user: Person) -> Iterator[None]:
    return post_erasure.reactions_erase(user)
