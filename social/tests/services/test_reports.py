"""Filing reports: what may be reported, once while it is open, kept as it was, told to those who moderate without a flood."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import NoticeSetting, User
from accounts.tests.factories import UserFactory
from catalog.services.anime import anime_hide
from catalog.tests.factories import AnimeFactory, EpisodeFactory, EpisodeSourceFactory
from core.errors import DomainError
from core.models import RealtimeEvent
from lists.models import Collection
from lists.services.collections import collection_create, collection_delete
from social.access_reports import Named
from social.models import Comment, Notification, Post, Report, ReportTarget
from social.services.comments import CommentDraft as Draft
from social.services.comments import comment_delete, comment_edit
from social.services.posts import post_delete
from social.services.report_reasons import ReportReason, reasons_for
from social.services.reports import ReportDraft, report_file
from social.tests.people import blocks
from social.tests.reported import WRITTEN, named_of, reason_of, report_of
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return UserFactory.create(username="owner", display_name="Owner of things", bio="about me")


@pytest.fixture
def reporter() -> User:
    return UserFactory.create(username="reporter")


def refused(code: str, call: Callable[[], object]) -> DomainError:
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.code == code
    return caught.value


@pytest.mark.parametrize("target", ReportTarget.values)
def test_everything_of_the_kinds_may_be_reported(owner: User, reporter: User, target: str) -> None:
    named = named_of(target, owner)
    report = report_of(reporter, named, message="Look at this\n\nplease ")
    stored = Report.objects.get()
    assert stored == report
    assert (stored.target, stored.state, stored.reporter) == (target, "open", reporter)
    assert stored.message == "Look at this\n\nplease "
    assert stored.user == (None if target == "episode" else owner)


def test_the_reasons_of_the_reference_fit_people() -> None:
    words = "spam harassment hate_speech nsfw impersonation underage self_harm other"
    assert [reason.value for reason in reasons_for("user")] == words.split()
    assert "dead_source" not in [reason.value for reason in reasons_for("comment")]
    assert all(len(code) <= 24 for code in ReportReason.values)


@pytest.mark.parametrize(
    ("target", "reason"), [("user", "dead_source"), ("episode", "spam"), ("user", "spoiler"), ("post", "")]
)
def test_a_reason_that_does_not_fit_is_refused(owner: User, reporter: User, target: str, reason: str) -> None:
    named = named_of(target, owner)
    error = refused("validation_failed", lambda: report_of(reporter, named, reason=reason))
    assert "reason" in error.extra["fields"]
    assert not Report.objects.exists()


@pytest.mark.parametrize("message", ["x" * 2_001, "a\x00b", "a\ud800b"])
def test_a_message_that_cannot_be_kept_is_refused(owner: User, reporter: User, message: str) -> None:
    named = named_of("user", owner)
    assert (
        "message" in refused("validation_failed", lambda: report_of(reporter, named, message=message)).extra["fields"]
    )


@pytest.mark.parametrize("second", [-1, float("nan"), float("inf"), 1e9])
def test_a_second_that_no_video_has_is_refused(owner: User, reporter: User, second: float) -> None:
    named = named_of("episode", owner)
    refused("validation_failed", lambda: report_of(reporter, named, position_seconds=second))
    assert not Report.objects.exists()


@pytest.mark.parametrize("target", WRITTEN)
def test_nobody_reports_themselves_or_their_own(owner: User, target: str) -> None:
    named = named_of(target, owner)
    refused("with_oneself", lambda: report_of(owner, named))
    assert not Report.objects.exists()


@pytest.mark.parametrize("target", ReportTarget.values)
def test_the_same_again_while_it_is_open(owner: User, reporter: User, target: str) -> None:
    named = named_of(target, owner)
    report_of(reporter, named)
    refused("already_reported", lambda: report_of(reporter, named, reason="other"))
    report_of(UserFactory.create(), named)
    Report.objects.update(state="dismissed")
    report_of(reporter, named)
    assert Report.objects.filter(reporter=reporter).count() == 2


def test_a_comment_and_its_author_are_two_things(owner: User, reporter: User) -> None:
    report_of(reporter, named_of("comment", owner))
    report_of(reporter, named_of("comment", owner))
    report_of(reporter, named_of("user", owner))
    assert Report.objects.filter(user=owner).count() == 3


@pytest.mark.parametrize("target", WRITTEN)
def test_what_is_gone_or_hidden_is_not_found(owner: User, reporter: User, target: str) -> None:
    named = named_of(target, owner)
    blocks(owner, reporter)
    if target != "collection":  # whose owner is hidden stays readable by its address, as in lists
        refused("not_found", lambda: report_of(reporter, named))
    other = UserFactory.create()
    if target == "user":
        User.objects.filter(pk=owner.pk).update(is_active=False)
    elif target == "post":
        post_delete(actor=owner, post_id=named.id)
    elif target == "comment":
        comment_delete(actor=owner, comment_id=named.id)
    else:
        collection_delete(actor=owner, collection=Collection.objects.get())
    refused("not_found", lambda: report_of(other, named))
    assert not Report.objects.exists()


def test_who_blocked_somebody_may_still_report_them(owner: User, reporter: User) -> None:
    blocks(reporter, owner)
    assert report_of(reporter, named_of("user", owner)).user == owner


def test_a_private_collection_is_not_found(owner: User, reporter: User) -> None:
    made = collection_create(actor=owner, title="Mine")
    refused("not_found", lambda: report_of(reporter, Named(ReportTarget.COLLECTION, id=made.pk)))
    assert not Report.objects.exists()


def test_episodes_of_hidden_and_adult_anime(reporter: User) -> None:
    hidden, adult = (
        EpisodeFactory.create(number=1),
        EpisodeFactory.create(number=1, anime=AnimeFactory.create(adult=True)),
    )
    anime_hide(actor=UserFactory.create(role="admin"), anime=hidden.anime, reason="x")
    for code, episode in (("anime_hidden", hidden), ("adult_not_allowed", adult)):
        named = Named(ReportTarget.EPISODE, anime_id=episode.anime_id, number=1)
        refused(code, lambda named=named: report_of(reporter, named))
    refused("not_found", lambda: report_of(reporter, Named(ReportTarget.EPISODE, anime_id=2**62, number=1)))
    assert not Report.objects.exists()
    refused("not_found", lambda: report_of(reporter, Named(ReportTarget.USER)))


def test_an_episode_is_kept_with_what_played(owner: User, reporter: User) -> None:
    named = named_of("episode", owner)
    report = report_of(reporter, named, position_seconds=61.5, message="no sound")
    assert (report.anime_id, report.episode_number, report.source_id) == (named.anime_id, 3, named.source_id)
    assert report.position_seconds == 61.5
    assert report.snapshot["source"]["id"] == named.source_id
    assert "url" not in report.snapshot["source"]
    foreign = EpisodeSourceFactory.create()
    other = Named(ReportTarget.EPISODE, anime_id=named.anime_id, number=3, source_id=foreign.pk)
    assert report_of(UserFactory.create(), other).source_id is None


def test_the_snapshot_stays_when_the_words_change(owner: User, reporter: User) -> None:
    named = named_of("comment", owner)
    report = report_of(reporter, named)
    comment_edit(actor=owner, comment_id=named.id, draft=Draft(body="all nice"))
    report.refresh_from_db()
    assert report.snapshot["body"] == "rude words"
    assert report.snapshot["author"] == "owner"
    Comment.objects.all().delete()
    report.refresh_from_db()
    assert (report.comment_id, report.snapshot["body"]) == (None, "rude words")


def test_the_snapshot_of_a_person_and_a_post(owner: User, reporter: User) -> None:
    person = report_of(reporter, named_of("user", owner)).snapshot
    assert person == {"username": "owner", "display_name": "Owner of things", "bio": "about me"}
    post = report_of(reporter, named_of("post", owner)).snapshot
    assert (post["title"], post["body"]) == (Post.objects.get().title, "Buy **this**")


def test_all_who_moderate_are_told_and_nobody_else(owner: User, reporter: User) -> None:
    staff = {UserFactory.create(role=role).pk for role in ("moderator", "admin", "superadmin")}
    UserFactory.create(role="tester")
    UserFactory.create(role="moderator", is_active=False)
    report_of(reporter, named_of("user", owner))
    assert set(Notification.objects.values_list("user_id", flat=True)) == staff
    row = Notification.objects.first()
    assert row is not None
    assert (row.kind, row.url, row.context["about"]) == ("report_filed", "/admin/social/report/", "Owner of things")


def test_who_is_reported_is_not_told_though_they_moderate(reporter: User) -> None:
    moderator = UserFactory.create(role="moderator")
    report_of(reporter, named_of("user", moderator))
    assert not Notification.objects.exists()


def test_a_flood_of_reports_is_one_unread_row_that_counts(owner: User) -> None:
    moderator, unwilling = UserFactory.create(role="moderator"), UserFactory.create(role="admin")
    NoticeSetting.objects.create(user=unwilling, kind="report_filed", by_site=False, by_push=False, by_email=False)
    named = named_of("user", owner)
    for _ in range(4):
        report_of(UserFactory.create(), named)
    row = Notification.objects.get()
    assert (row.user, row.count) == (moderator, 4)
    assert RealtimeEvent.objects.filter(user=moderator).count() == 1
    row.read_at = timezone.now()
    row.save()
    report_of(UserFactory.create(), named)
    assert list(Notification.objects.filter(read_at=None).values_list("count", flat=True)) == [1]
    assert RealtimeEvent.objects.filter(user=moderator).count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_report_sent_twice_at_once_is_one() -> None:
    owner, reporter = UserFactory.create_batch(2)
    named = named_of("user", owner)
    ends = at_once([lambda: report_of(reporter, named) for _ in range(8)])
    assert ends == {"done": 1, "already_reported": 7}
    assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_reports_at_once_count_on_one_row() -> None:
    owner, moderator, admin = (UserFactory.create(role=role) for role in ("user", "moderator", "admin"))
    named = named_of("user", owner)
    reporters = UserFactory.create_batch(8)
    ends = at_once([lambda one=one: report_of(one, named) for one in reporters])
    assert ends == {"done": 8}
    counted = dict(Notification.objects.values_list("user_id", "count"))
    assert counted == {moderator.pk: 8, admin.pk: 8}


def test_drafts_of_every_reason_are_filed(owner: User) -> None:
    for target in ReportTarget.values:
        named = named_of(target, owner)
        for reason in reasons_for(target):
            report_file(actor=UserFactory.create(), named=named, draft=ReportDraft(reason=reason.value))
    assert set(Report.objects.values_list("reason", flat=True)) == set(ReportReason.values)
    assert reason_of("episode") in ReportReason.values
