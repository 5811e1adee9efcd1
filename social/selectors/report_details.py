"""One report with all that helps to decide: the notes, others about the same thing, and what was reported as it is now."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from accounts.facade import User
from catalog.facade import anime_path, episode_source_facts
from lists.facade import collection_public_facts
from social.access_reports import NOBODY, get_report
from social.models import Comment, Post, Report, ReportNote, ReportTarget
from social.selectors.report_facts import comment_facts, person_facts, post_facts
from social.selectors.reports import notes_of, same_of

if TYPE_CHECKING:
    from collections.abc import Callable

SAME_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """One report as staff see it. `now`: what was reported as it is now, None when it is gone, with `is_deleted` where it
    only looks gone to others; `path`: its page, "" without one; `same`: others about it.
    """

    report: Report
    notes: list[ReportNote]
    same: list[Report]
    now: dict[str, Any] | None = None
    path: str = ""


def report_detail(actor: User, report_id: uuid.UUID) -> ReportDetail:
    """The report with what belongs to it, in a constant number of queries. Raises as `get_report`."""
    report = get_report(actor, report_id)
    now, path = _NOW[ReportTarget(report.target)](report)
    return ReportDetail(report, list(notes_of(report)), list(same_of(actor, report)[:SAME_SHOWN]), now, path)


def _user_now(report: Report) -> tuple[dict[str, Any] | None, str]:
    person = report.user
    if person is None or person.erased_at is not None:
        return None, ""
    return person_facts(person), reverse("profile", args=[person.username])


def _post_now(report: Report) -> tuple[dict[str, Any] | None, str]:
    post = Post.objects.select_related("author", "category", "anime").filter(pk=report.post_id or NOBODY).first()
    if post is None:
        return None, ""
    now = {**post_facts(post), "is_deleted": post.deleted_at is not None}
    return now, reverse("post", args=[post.pk])


def _comment_now(report: Report) -> tuple[dict[str, Any] | None, str]:
    comment = Comment.objects.select_related("author").filter(pk=report.comment_id or NOBODY).first()
    if comment is None:
        return None, ""
    now = {**comment_facts(comment), "is_deleted": comment.deleted_at is not None}
    return now, reverse("comment", args=[comment.pk])


def _collection_now(report: Report) -> tuple[dict[str, Any] | None, str]:
    """What its owner made private since is nobody's to read, staff's neither."""
    now = collection_public_facts(report.collection_id) if report.collection_id else None
    return now, reverse("collection", args=[report.collection_id]) if now and "title" in now else ""


def _episode_now(report: Report) -> tuple[dict[str, Any] | None, str]:
    anime, number = report.anime, report.episode_number
    if anime is None or number is None:
        return None, ""
    now: dict[str, Any] = {"title": anime.title, "episode": number}
    if report.source_id:
        source = episode_source_facts(report.source_id, anime_id=anime.pk, number=number)
        now["source"] = source or {}
    has_player = anime.merged_into_id is None
    return now, reverse("watch", args=[anime.pk, number]) if has_player else anime_path(anime.pk, anime.slug)


_NOW: "dict[ReportTarget, Callable[[Report], tuple[dict[str, Any] | None, str]]]" = {
    ReportTarget.USER: _user_now,
    ReportTarget.POST: _post_now,
    ReportTarget.COMMENT: _comment_now,
    ReportTarget.COLLECTION: _collection_now,
    ReportTarget.EPISODE: _episode_now,
}


__all__ = ["ReportDetail", "report_detail"]
