"""What a person reported, was reported for and voted on: how it is exported and erased."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.personal_data import Person, Row, erase_part, export_part, rows_of
from social.models import AnimeVote, Notification, Report, ReportNote
from social.notices import REPORT_FILED
from social.services.anime_votes import anime_vote_uncount


@export_part("social/reports", label=_("What you reported"), models=["social.Report"])
def reports(user: Person) -> Iterator[Row]:
    """Their own words and what became of it, without what others wrote; who reported them is not theirs to know."""
    fields = ("id", "target", "reason", "message", "anime_id", "episode_number", "state", "outcome")
    return rows_of(Report.objects.filter(reporter=user), *fields, "created_at", "closed_at")


@export_part("social/report-notes", label=_("Your notes on reports"), models=["social.ReportNote"])
def notes(user: Person) -> Iterator[Row]:
    return rows_of(ReportNote.objects.filter(author=user), "report_id", "body", "created_at")


@erase_part("social/reports", models=["social.Report", "social.ReportNote"])
def reports_erase(user: Person) -> None:
    """Reports stay for the statistics of those who moderate, without words and without the person at any end."""
    Report.objects.filter(reporter=user).update(reporter=None, message="")
    ids = [str(pk) for pk in Report.objects.filter(user=user).values_list("pk", flat=True)]
    named = Q(kind=REPORT_FILED.code, context__report__in=ids) | Q(group__in=[f"report:{pk}" for pk in ids])
    Notification.objects.filter(named).update(context={"about": "—"})
    Report.objects.filter(user=user).update(user=None, snapshot={})
    for name in ("assignee", "closed_by"):
        Report.objects.filter(**{name: user}).update(**{name: None})
    ReportNote.objects.filter(author=user).update(author=None, body="")


@export_part("social/anime-votes", label=_("Your votes on anime"), models=["social.AnimeVote"])
def votes(user: Person) -> Iterator[Row]:
    return rows_of(AnimeVote.objects.filter(user=user), "anime_id", "value", "created_at")


@erase_part("social/anime-votes", models=["social.AnimeVote"])
def votes_erase(user: Person) -> Iterator[None]:
    """The counters follow, an anime at a time, each under its row's lock."""
    while anime_vote_uncount(user=user) is not None:
        yield
