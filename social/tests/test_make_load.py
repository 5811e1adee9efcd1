"""`manage.py make_load`: a site full of people who talk, whose counters agree with its rows, the same from the same seed."""

from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Q

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from social.models import Comment, FeedItem, Friendship, Notification, Post, Thread

pytestmark = pytest.mark.django_db


def load(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, float]:
    call_command("make_load", "--scale", "0.002", *options)
    return orjson.loads(capsys.readouterr().out)


def test_counters_and_trees_agree_with_rows(capsys: pytest.CaptureFixture[str]) -> None:
    AnimeFactory.create_batch(5)
    said = load(capsys)
    assert said["people"] == User.objects.count() == 40
    assert said["comments"] == Comment.objects.count() >= 1000
    assert said["friendships"] == Friendship.objects.count()
    assert said["notifications"] == Notification.objects.count() == 800
    assert said["feed_items"] == FeedItem.objects.count() == 1200
    assert Post.objects.count() == 10
    for thread in Thread.objects.annotate(n=Count("comments", filter=Q(comments__deleted_at=None))):
        assert thread.comment_count == thread.n
        assert thread.last_comment_at == thread.comments.latest("created_at").created_at
    comments = Comment.objects.select_related("parent").annotate(
        up=Count("votes", filter=Q(votes__value=1), distinct=True),
        down=Count("votes", filter=Q(votes__value=-1), distinct=True),
        answers=Count("replies", distinct=True),
    )
    for comment in comments:
        assert (comment.up_votes, comment.down_votes, comment.reply_count) == (
            comment.up,
            comment.down,
            comment.answers,
        )
        assert comment.depth == (comment.parent.depth + 1 if comment.parent else 0)
        assert comment.parent is None or comment.parent.thread_id == comment.thread_id
        assert comment.html


def test_texts_come_from_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    AnimeFactory.create()
    (tmp_path / "dialogues/english").mkdir(parents=True)
    (tmp_path / "dialogues/english/a.yml").write_text("conversations:\n- - Who is it?\n  - Only the wind.\n")
    (tmp_path / "reviews.jsonl").write_bytes(orjson.dumps({"text": "Slow, then <b>fast</b>."}) + b"\n")
    load(capsys, "--texts", str(tmp_path))
    bodies = set(Comment.objects.values_list("body", flat=True))
    assert {"Who is it?", "Only the wind.", "Slow, then <b>fast</b>."} <= bodies
    assert not Comment.objects.filter(html__contains="<b>").exists()


def test_it_refuses_to_move_in_where_somebody_lives(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="catalogue is empty"):
        load(capsys)
    AnimeFactory.create()
    with pytest.raises(CommandError, match="at most 10"):
        call_command("make_load", "--scale", "11")
    UserFactory.create_batch(2)
    with pytest.raises(CommandError, match="at home here"):
        load(capsys)
    load(capsys, "--force")
    with pytest.raises(CommandError, match="a load already"):
        load(capsys, "--force")


def test_what_cannot_be_read_loads_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    AnimeFactory.create()
    (tmp_path / "reviews.jsonl").write_text("{not json\n")
    with pytest.raises(CommandError, match=r"reviews|expected|JSON|key"):
        load(capsys, "--texts", str(tmp_path))
    assert not User.objects.exists()


def test_a_folder_that_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    AnimeFactory.create()
    (tmp_path / "dialogues/english").mkdir(parents=True)
    (tmp_path / "dialogues/english/a.yml").write_text("conversations: [\n")
    with pytest.raises(CommandError, match=r"a\.yml"):
        call_command("make_load", "--scale", "0.002", "--texts", str(tmp_path))
    assert not User.objects.exists()
