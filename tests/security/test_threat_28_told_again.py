"""Threat 28: what reaches somebody's telephone or page is not repeated by doing and undoing what it tells of."""

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.models import RealtimeEvent
from social.models import Notification
from social.services.comments import CommentDraft, comment_edit
from social.services.notifications import CREATED
from social.services.post_reactions import reaction_remove, reaction_set
from social.services.posts import post_edit
from social.services.relations import person_follow, person_unfollow
from social.tests.comments import said, target_of
from social.tests.posts import post_of

pytestmark = pytest.mark.django_db
TIMES = 4


@pytest.fixture
def actor() -> User:
    made: User = UserFactory.create()
    return made


@pytest.fixture
def victim() -> User:
    made: User = UserFactory.create(username="victim")
    return made


def heard(user: User) -> int:
    """How often their open pages were told of something new."""
    return RealtimeEvent.objects.filter(user_id=user.pk, type=CREATED).count()


def test_naming_somebody_again_and_again_in_edits_of_a_comment(actor: User, victim: User) -> None:
    comment = said(actor, target_of(actor, AnimeFactory.create()), "@victim")
    for _time in range(TIMES):
        for body in ("nobody", "@victim again"):
            comment_edit(actor=actor, comment_id=comment.pk, draft=CommentDraft(body=body))
    assert heard(victim) == 1


def test_naming_somebody_again_and_again_in_edits_of_a_post(actor: User, victim: User) -> None:
    post = post_of(actor, body="@victim")
    for _time in range(TIMES):
        for body in ("nobody", "@victim again"):
            post_edit(actor=actor, post_id=post.pk, body=body)
    assert heard(victim) == 1


@pytest.mark.parametrize("kind", ["post", "comment"])
def test_a_text_tells_ten_people_whatever_its_edits_name(actor: User, kind: str) -> None:
    names = [UserFactory.create(username=f"crowd_{number:02}").username for number in range(24)]
    texts = [" ".join(f"@{name}" for name in names[start : start + 8]) for start in (0, 8, 16)]
    if kind == "post":
        post = post_of(actor, body=texts[0])
        for text in texts[1:]:
            post_edit(actor=actor, post_id=post.pk, body=text)
    else:
        comment = said(actor, target_of(actor, AnimeFactory.create()), texts[0])
        for text in texts[1:]:
            comment_edit(actor=actor, comment_id=comment.pk, draft=CommentDraft(body=text))
    assert RealtimeEvent.objects.filter(type=CREATED).count() == 10


def test_reacting_and_taking_it_back(actor: User, victim: User) -> None:
    post = post_of(victim)
    for _time in range(TIMES):
        reaction_set(actor=actor, post_id=post.pk)
        reaction_remove(actor=actor, post_id=post.pk)
    assert (heard(victim), Notification.objects.get(user=victim).count) == (1, 1)


def test_following_and_unfollowing(actor: User, victim: User) -> None:
    for _time in range(TIMES):
        person_follow(actor=actor, user_id=victim.pk)
        person_unfollow(actor=actor, user_id=victim.pk)
    assert heard(victim) == 1
