"""A person's posts in their export and after their erasure: theirs are gone, what others said under them is not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage

from accounts.models import User
from accounts.tests.factories import UserFactory
from core.media.images import image_files
from core.models import StoredImage
from core.personal_data import registry
from social.models import Comment, Post, PostImage, PostReaction, PostRevision, Thread
from social.services.post_reactions import reaction_set
from social.services.posts import post_edit
from social.tests.posts import image_of, post_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def erase(user: User) -> None:
    """The parts of posts, in their order; twice, as after a crash."""
    parts = sorted((part for name, part in registry.erasures.items() if name.startswith("social/post")), key=_order)
    for _turn in range(2):
        for part in parts:
            steps = part.erase(user)
            if isinstance(steps, Iterator):
                list(steps)


def _order(part: Any) -> int:
    return part.order


def test_what_was_posted_is_exported_with_its_pictures() -> None:
    author = UserFactory.create()
    image = image_of(author, alt="a hill")
    post = post_of(author, title="Mine", body="First", image_ids=(image.pk,))
    post_edit(actor=author, post_id=post.pk, body="Second")
    liked = post_of(title="Theirs")
    reaction_set(actor=author, post_id=liked.pk, kind="wow")
    rows = {name: list(part.rows(author)) for name, part in registry.exports.items() if name.startswith("social/post")}
    assert [(row["title"], row["body"], row["in_category"]) for row in rows["social/posts"]] == [
        ("Mine", "Second", "general")
    ]
    assert [row["body"] for row in rows["social/post-revisions"]] == ["First"]
    assert [row["alt"] for row in rows["social/post-images"]] == ["a hill"]
    assert [(row["kind"], row["post_id"]) for row in rows["social/post-reactions"]] == [("wow", liked.pk)]
    files = list(registry.files["social/post-images"](author))
    assert {file.path.rpartition(".")[2] for file in files} == {"avif", "webp"}
    assert all(default_storage.exists(file.name) for file in files)


def test_posts_go_and_answers_of_others_stay_theirs() -> None:
    author, other = UserFactory.create_batch(2)
    image = image_of(author)
    files = image_files(image.image)
    alone = post_of(author, title="Alone", image_ids=(image.pk,))
    answered = post_of(author, title="Answered", body="secret words")
    post_edit(actor=author, post_id=answered.pk, body="other secret words")
    thread = Thread.objects.create(kind="post", post=answered, comment_count=1)
    Comment.objects.create(thread=thread, author=other, body="an answer", html="x", created_at=answered.created_at)
    erase(author)
    assert not Post.objects.filter(pk=alone.pk).exists()
    left = Post.objects.get(pk=answered.pk)
    assert (left.author, left.title, left.body, left.html, left.excerpt, left.search_words) == (None, *[""] * 5)
    assert left.deleted_at is not None
    assert Comment.objects.get().author == other
    assert not PostRevision.objects.exists()
    assert not PostImage.objects.exists()
    assert not StoredImage.objects.exists()
    assert not any(default_storage.exists(name) for name in files)


def test_counters_are_right_without_the_persons_reactions() -> None:
    person, other = UserFactory.create_batch(2)
    post = post_of()
    reaction_set(actor=person, post_id=post.pk)
    reaction_set(actor=other, post_id=post.pk)
    erase(person)
    post.refresh_from_db()
    assert (post.reactions, post.like_count, post.score) == ({"like": 1}, 1, 1)
    assert PostReaction.objects.get().user == other


def test_posts_of_others_lead_to_the_person_no_more_and_keep_their_words() -> None:
    person, other = UserFactory.create(username="Leaving_one"), UserFactory.create()
    post = post_of(body=f"thanks @leaving_one and @{other.username}")
    assert 'data-username="leaving_one"' in post.html
    User.objects.filter(pk=person.pk).update(is_active=False)
    erase(person)
    post.refresh_from_db()
    assert 'data-username="leaving_one"' not in post.html
    assert f'data-username="{other.username}"' in post.html
    assert post.body == f"thanks @leaving_one and @{other.username}"


def test_the_log_of_staff_calls_the_posts_of_who_is_erased_by_no_title() -> None:
    author = UserFactory.create()
    post = post_of(author, title="A telling title")
    entry = LogEntry.objects.create(
        user=UserFactory.create(role="moderator"),
        content_type=ContentType.objects.get_for_model(Post),
        object_id=str(post.pk),
        object_repr=str(post),
        action_flag=CHANGE,
    )
    erase(author)
    entry.refresh_from_db()
    assert entry.object_repr == str(post.pk)
