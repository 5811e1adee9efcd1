"""What is left of somebody's posts and reactions when their account goes: nothing of theirs, all that others said."""

from collections.abc import Iterator

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.facade import User
from social.models import Comment, Post, PostImage, PostReaction, PostRevision
from social.services.post_images import images_delete
from social.services.post_reactions import reaction_uncount
from social.services.post_texts import post_text_make

CHUNK = 200


def mentions_erase(user: User) -> None:
    """Posts of others link to this person no more: their HTML is made anew while the name is that of nobody public.

    What others wrote stays as they wrote it.
    """
    calling = Post.objects.exclude(author=user).filter(html__icontains=f'data-username="{user.username}"')
    for post in calling.select_related("author").iterator(CHUNK):
        images = {str(image.pk): image for image in post.images.select_related("image")}
        made = post_text_make(title=post.title, body=post.body, author=post.author, images=images)
        Post.objects.filter(pk=post.pk, body=post.body).update(html=made.html, html_version=made.html_version)


def posts_erase(user: User) -> Iterator[None]:
    """Delete a person's posts. Under which others wrote stays an empty deleted row, so that what they wrote stays theirs."""
    said = Comment.objects.filter(thread__post=OuterRef("pk")).exclude(author=user)
    Post.objects.filter(deleted_by=user).update(deleted_by=None)
    for post in Post.objects.filter(author=user).annotate(is_answered=Exists(said)).order_by("pk"):
        images_delete(list(PostImage.objects.filter(post=post)))
        _log_forget(post)
        if not post.is_answered:
            post.delete()
        else:
            PostRevision.objects.filter(post=post).delete()
            _emptied(post).save()
        yield
    PostRevision.objects.filter(editor=user).update(editor=None)


def _log_forget(post: Post) -> None:
    """What staff did with the post stays in the admin's log, which calls it by its title."""
    kind = ContentType.objects.get_for_model(Post)
    LogEntry.objects.filter(content_type=kind, object_id=str(post.pk)).update(object_repr=str(post.pk))


def images_erase(user: User) -> None:
    """Pictures that no post took; those of posts went with them."""
    images_delete(list(PostImage.objects.filter(owner=user)))


def reactions_erase(user: User) -> Iterator[None]:
    """Take the person's reactions away, out of the counters too."""
    ids = list(PostReaction.objects.filter(user=user).order_by("post").values_list("post_id", flat=True))
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        with transaction.atomic():
            for post in Post.objects.select_for_update(no_key=True).filter(pk__in=some).order_by("pk"):
                reaction_uncount(user=user, post=post)
        yield


def _emptied(post: Post) -> Post:
    post.author = post.deleted_by = post.anime = None
    post.title = post.body = post.html = post.excerpt = post.search_words = post.nonce = ""
    post.linked, post.spoils_episode = [], None
    post.deleted_at = post.deleted_at or timezone.now()
    return post


__all__ = ["images_erase", "mentions_erase", "posts_erase", "reactions_erase"]
