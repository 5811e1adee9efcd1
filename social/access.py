"""Which thread, comment and post somebody may read, write in and change: decided here, once for the API and the pages."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.facade import User, muted_check, role_allows
from catalog.facade import anime_adult_check, anime_get_visible, anime_path, episode_place_get
from core.errors import NotFound, Text
from lists.facade import collection_get_visible
from social.errors import CommentDeleted, ThreadLocked
from social.models import Category, Comment, Post, Thread, ThreadKind
from social.selectors.relations import are_hidden

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Target:
    """What a thread hangs on, as far as one viewer may see it. `owner_id`: whose it is (posts, collections).

    `anime_id` and `episode_number` are what talking about it gives away; `path` is its page.
    """

    kind: ThreadKind
    path: str
    title: Text
    anime_id: int | None = None
    episode_number: int | None = None
    post_id: uuid.UUID | None = None
    collection_id: uuid.UUID | None = None
    owner_id: uuid.UUID | None = None
    is_locked: bool = False

    @property
    def watch_path(self) -> str:
        """Where times in a text under it lead: an episode's page; "" elsewhere."""
        return self.path if self.kind == ThreadKind.EPISODE else ""

    def keys(self) -> dict[str, Any]:
        """The columns of `Thread` that name it; a post's own anime is no part of them."""
        if self.kind in (ThreadKind.ANIME, ThreadKind.EPISODE):
            return {"kind": self.kind.value, "anime_id": self.anime_id, "episode_number": self.episode_number}
        return {"kind": self.kind.value, "post_id": self.post_id, "collection_id": self.collection_id}


def moderates(user: "Viewer") -> bool:
    """Whether they may hide what others wrote, pin, lock and work on reports: moderators and above."""
    return bool(user.is_authenticated and role_allows(user.role, "social.change_comment"))


def get_anime_target(viewer: "Viewer", anime_id: int, episode_number: int | None = None) -> Target:
    """An anime or one of its episodes as something to talk about.

    Raises `NotFound`, `AnimeHidden` (410), `AdultNotAllowed` (403), for an episode that cannot be `ValidationFailed` (422).
    """
    anime = anime_get_visible(viewer, anime_id)
    anime_adult_check(viewer, anime.is_adult)
    if episode_number is not None:
        episode_place_get(viewer, anime.pk, episode_number)
    return _of_anime(anime, episode_number)


def get_post_target(viewer: "Viewer", post_id: uuid.UUID) -> Target:
    """A post as something to talk about. Raises `NotFound`."""
    return target_of_post(get_post(viewer, post_id))


def get_collection_target(viewer: "Viewer", collection_id: uuid.UUID) -> Target:
    """A collection as something to talk about. Raises `NotFound`."""
    return _of_collection(collection_get_visible(viewer, collection_id))


def get_target(viewer: "Viewer", thread: Thread) -> Target:
    """What this thread hangs on. Raises what the getter of its kind raises."""
    if thread.post_id is not None:
        return get_post_target(viewer, thread.post_id)
    if thread.collection_id is not None:
        return get_collection_target(viewer, thread.collection_id)
    if thread.anime_id is None:
        raise NotFound()
    return get_anime_target(viewer, thread.anime_id, thread.episode_number)


def target_of_thread(thread: Thread) -> Target:
    """What a thread hangs on, whoever asks: the caller knows that they may see it. Its anime, post or collection is loaded."""
    if thread.post is not None:
        return target_of_post(thread.post)
    if thread.collection is not None:
        return _of_collection(thread.collection)
    assert thread.anime is not None  # noqa: S101 — the database says so
    return _of_anime(thread.anime, thread.episode_number)


def get_thread(target: Target) -> Thread | None:
    """The thread of a target that the viewer may see; None where nobody has written yet."""
    return Thread.objects.filter(**target.keys()).first()


def get_post(viewer: "Viewer", post_id: uuid.UUID, *, is_own: bool = False, lock: bool = False) -> Post:
    """The post as far as the viewer may see it, with its author and category. Raises `NotFound`, also for others' if `is_own`."""
    rows = Post.objects.visible_to(viewer).filter(pk=post_id)
    if is_own:
        rows = rows.filter(author_id=viewer.pk)
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    post = rows.select_related("author__avatar", "category", "anime").first()
    if post is None:
        raise NotFound()
    return post


def get_comment(
    viewer: "Viewer",
    comment_id: uuid.UUID,
    *,
    is_own: bool = False,
    is_live: bool = True,
    is_blank_fine: bool = False,
    lock: bool = False,
) -> tuple[Comment, Target]:
    """A comment with its thread and author, and what it stands under.

    Raises `NotFound` (none; others' if `is_own`; what it stands under not to be seen; its author not to be seen by the
    viewer, unless only its place in the tree is asked for: `is_blank_fine`) and, if it has to be `is_live`,
    `CommentDeleted` (409). Who moderates sees everybody. `lock` holds its row until the transaction ends.
    """
    rows = Comment.objects.select_related("thread", "author__avatar").filter(pk=comment_id)
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    comment = rows.first()
    if comment is None or (is_own and comment.author_id != viewer.pk):
        raise NotFound()
    if not is_blank_fine and not _author_is_seen(viewer, comment):
        raise NotFound()
    if is_live and comment.deleted_at is not None:
        raise CommentDeleted()
    return comment, get_target(viewer, comment.thread)


def _author_is_seen(viewer: "Viewer", comment: Comment) -> bool:
    author = comment.author
    if author is None or author.pk == viewer.pk or moderates(viewer):
        return True
    return author.is_public and not (viewer.is_authenticated and are_hidden(viewer.pk, author.pk))


def check_writes(actor: User, target: Target, thread: Thread | None = None, *, as_staff: bool = True) -> None:
    """Raises `Muted` (403), and `ThreadLocked` (409) for all but those who moderate (`as_staff`)."""
    muted_check(actor)
    is_locked = target.is_locked or (thread is not None and thread.is_locked)
    if is_locked and not (as_staff and moderates(actor)):
        raise ThreadLocked()


def may_delete(actor: User, comment: Comment, *, as_staff: bool = True) -> bool:
    """Whether they may take this comment (with its thread, the thread's post and collection) away."""
    thread = comment.thread
    owners = {comment.author_id}
    owners |= {thread.post.author_id} if thread.post else set()
    owners |= {thread.collection.owner_id} if thread.collection else set()
    return actor.pk in owners or (as_staff and moderates(actor))


def is_editable(comment: Comment) -> bool:
    """Whether its author may still edit it."""
    return timezone.now() - comment.created_at < timedelta(minutes=settings.COMMENT_EDIT_MINUTES)


def may_post_in(actor: User, category: Category, *, as_staff: bool = True) -> bool:
    """Whether they may post there: in some categories staff alone."""
    return not category.is_staff_only or (as_staff and moderates(actor))


def target_of_post(post: Post) -> Target:
    """A post that the viewer was found to see, as something to talk about."""
    return Target(
        ThreadKind.POST,
        reverse("post", args=[post.pk]),
        post.title,
        anime_id=post.anime_id,
        episode_number=post.spoils_episode,
        post_id=post.pk,
        owner_id=post.author_id,
        is_locked=post.is_locked,
    )


def _of_anime(anime: Any, episode_number: int | None) -> Target:
    if episode_number is None:
        return Target(ThreadKind.ANIME, anime_path(anime.pk, anime.slug), anime.title, anime_id=anime.pk)
    path = reverse("watch", args=[anime.pk, episode_number])
    return Target(ThreadKind.EPISODE, path, anime.title, anime_id=anime.pk, episode_number=episode_number)


def _of_collection(found: Any) -> Target:
    path = reverse("collection", args=[found.pk])
    return Target(ThreadKind.COLLECTION, path, found.title, collection_id=found.pk, owner_id=found.owner_id)


__all__ = [
    "Target",
    "check_writes",
    "get_anime_target",
    "get_collection_target",
    "get_comment",
    "get_post",
    "get_post_target",
    "get_target",
    "get_thread",
    "is_editable",
    "may_delete",
    "may_post_in",
    "moderates",
    "target_of_post",
    "target_of_thread",
]
