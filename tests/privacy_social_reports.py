"""A row in every model of reports and votes on anime that belongs to a person, for tests of export and erasure."""

from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from social.models import AnimeVote, AnimeVotes, Notification, Report, ReportNote


def reports_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of reports and votes on anime; `words` stand in every text of theirs."""
    own = Report.objects.create(
        reporter=user, target="episode", anime=anime, episode_number=1, reason="other", message=words
    )
    about = Report.objects.create(
        user=user,
        target="user",
        reason="spam",
        snapshot={"username": user.username, "bio": words},
        assignee=user,
        closed_by=user,
        state="resolved",
        outcome="Done.",
    )
    for report in (own, about):
        ReportNote.objects.create(report=report, author=user, body=words)
    Notification.objects.create(
        user=UserFactory.create(),
        kind="report_filed",
        group="reports",
        url="/",
        context={"about": words, "report": str(about.pk)},
        created_at=timezone.now(),
        updated_at=timezone.now(),
    )
    AnimeVote.objects.create(anime=anime, user=user, value=1)
    AnimeVotes.objects.create(anime=anime, likes=1)
