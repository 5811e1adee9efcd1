"""A row in every model of comments and votes that belongs to a person, for tests of export and erasure."""

from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from social.models import Comment, CommentMention, CommentRevision, CommentVote, Thread


def comments_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of comments and votes; `words` stand in every text of theirs.

    Two comments, one of them answered by somebody else, whose answer names them, whom they voted for, and of whom they
    deleted another as staff; they closed the thread.
    """
    now, other = timezone.now(), UserFactory.create()
    thread = Thread.objects.create(kind="anime", anime=anime, comment_count=3, locked_by=user, is_locked=True)
    texts = {"body": words, "html": f"<p>{words}</p>", "created_at": now}
    answered = Comment.objects.create(thread=thread, author=user, nonce=words[:60], reply_count=1, **texts)
    alone = Comment.objects.create(thread=thread, author=user, deleted_at=now, deleted_by=user, **texts)
    for comment in (answered, alone):
        CommentRevision.objects.create(comment=comment, body=words, editor=user)
    answer = Comment.objects.create(
        thread=thread,
        parent=answered,
        depth=1,
        author=other,
        body="an answer",
        html=f'<p>an answer to <a class="mention" data-username="{user.username}">@{user.username}</a></p>',
        created_at=now,
        up_votes=1,
        score=1,
    )
    Comment.objects.create(
        thread=thread, author=other, body="gone", html="gone", created_at=now, deleted_at=now, deleted_by=user
    )
    CommentRevision.objects.create(comment=answer, body="an earlier answer", editor=user)
    CommentMention.objects.create(comment=answer, user=user)
    CommentVote.objects.create(comment=answer, user=user, value=1)
