"""What staff do about a report besides deciding it: take away what was reported, keep its author from writing."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from accounts.facade import User, avatar_moderate, bio_moderate, user_mute
from core.errors import NotFound
from lists.facade import collection_delete, collection_get_visible
from social.access_reports import get_report
from social.models import Report, ReportTarget
from social.services.comments import comment_delete
from social.services.posts import post_delete
from social.services.report_desk import report_log
from social.services.report_reasons import reason_label


def report_remove(*, actor: User, report_id: uuid.UUID) -> Report:
    """Take away what was reported: a post and a comment softly, a collection for good (admins only), of a person the bio,
    the display name and the picture. The snapshot stays, and the report stays open: closing says the outcome.

    Raises `NotFound` where nothing is left to take (an episode's sources are the catalogue's own), what the services of these
    things raise; else as `get_report`.
    """
    with transaction.atomic():
        report = get_report(actor, report_id, lock=True)
        _REMOVE[ReportTarget(report.target)](actor, report)
        report_log(actor, report, {"changed": {"fields": [report.target]}})
    return report


def report_mute(*, actor: User, report_id: uuid.UUID, duration: timedelta) -> User:
    """Keep whom a report concerns from writing. Raises `NotFound` where it concerns nobody, what `user_mute` raises."""
    with transaction.atomic():
        report = get_report(actor, report_id, lock=True)
        person = report.user
        if person is None:
            raise NotFound()
        user_mute(actor=actor, user=person, duration=duration, reason=str(reason_label(report.reason)))
        report_log(actor, report, {"changed": {"fields": ["user"]}})
    return person


def removes_at_once(target: str) -> bool:
    """Whether `report_remove` knows how to take such a thing away."""
    return ReportTarget(target) != ReportTarget.EPISODE


def _comment(actor: User, report: Report) -> None:
    if report.comment_id is None:
        raise NotFound()
    comment_delete(actor=actor, comment_id=report.comment_id)


def _post(actor: User, report: Report) -> None:
    if report.post_id is None:
        raise NotFound()
    post_delete(actor=actor, post_id=report.post_id)


def _collection(actor: User, report: Report) -> None:
    if report.collection_id is None:
        raise NotFound()
    found = collection_get_visible(actor, report.collection_id)
    collection_delete(actor=actor, collection=found, as_admin=True)


def _person(actor: User, report: Report) -> None:
    if report.user is None:
        raise NotFound()
    bio_moderate(actor=actor, user=report.user)
    avatar_moderate(actor=actor, user=report.user)


def _nothing(actor: User, report: Report) -> None:
    raise NotFound()


_REMOVE: dict[ReportTarget, Callable[[User, Report], None]] = {
    ReportTarget.USER: _person,
    ReportTarget.POST: _post,
    ReportTarget.COMMENT: _comment,
    ReportTarget.COLLECTION: _collection,
    ReportTarget.EPISODE: _nothing,
}


__all__ = ["removes_at_once", "report_mute", "report_remove"]
