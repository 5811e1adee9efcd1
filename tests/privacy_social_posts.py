"""A row in every model of posts, their pictures and reactions that belongs to a person, for tests of export and erasure."""

from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from core.media.images import image_store
from core.tests.media.pictures import picture
from social.models import Category, Comment, Post, PostImage, PostReaction, PostRevision, Thread


def posts_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of posts, their pictures and reactions; `words` stand in every text of theirs.

    Under one of their posts somebody else wrote; one post of somebody else they liked, one they deleted as staff.
    """
    now, other = timezone.now(), UserFactory.create()
    category = Category.objects.get_or_create(slug="general", defaults={"name": "General"})[0]
    texts = {"title": words, "body": words, "html": f"<p>{words}</p>", "excerpt": words, "search_words": words}
    image = image_store(file=picture(colour=(7, 99, 7)), purpose="post", owner=user)
    for number in range(2):
        post = Post.objects.create(
            author=user, category=category, anime=anime, created_at=now, nonce=f"{words[:20]}{number}", **texts
        )
        PostRevision.objects.create(post=post, title=words, body=words, editor=user)
        PostImage.objects.create(post=post, owner=user, image=image, alt=words)
    thread = Thread.objects.create(kind="post", post=post, comment_count=1)
    Comment.objects.create(thread=thread, author=other, body="an answer", html="<p>an answer</p>", created_at=now)
    PostImage.objects.create(owner=user, image=image, alt=words)
    liked = Post.objects.create(
        author=other,
        category=category,
        title="Another's",
        created_at=now,
        deleted_at=now,
        deleted_by=user,
        reactions={"like": 1},
        like_count=1,
        score=1,
    )
    PostReaction.objects.create(post=liked, user=user, kind="like")
