"""Rows of reports: of the owner and what is theirs, one's own, the queue of those who moderate."""

from collections.abc import Callable
from typing import Any

from lists.services.collections import collection_create
from social.access import get_anime_target
from social.access_reports import Named
from social.models import Category, ReportTarget
from social.services.comments import CommentDraft, comment_publish
from social.services.posts import PostDraft, post_publish
from social.services.reports import ReportDraft, report_file
from tests.permissions.rows import SIGNED_IN, SIGNED_IN_PAGE, Row

_NOT_ONESELF = "401 400 201 201 201 201 201"  # the owner reports themselves: 400
_STAFF = "401 403 403 403 200 200 200"
_ANYBODY = "401 201 201 201 201 201 201"
_SPAM = {"reason": "spam", "message": "look"}
_DEAD = {"reason": "dead_source", "second": 12.5}


def setup(world: Any) -> None:
    """A comment, a post and a collection of the owner's, and a report about the owner by the tester."""
    owner = world.owner
    Category.objects.get_or_create(slug="general", defaults={"name": "General"})
    target = get_anime_target(owner, world.anime.pk)
    world.reported_comment = comment_publish(actor=owner, target=target, draft=CommentDraft(body="reported"))
    world.reported_post = post_publish(actor=owner, draft=PostDraft(title="Reported", body="x", category="general"))
    world.reported_shelf = collection_create(actor=owner, title="Reported", visibility="public")
    named = Named(ReportTarget.COMMENT, id=world.reported_comment.pk)
    world.report = report_file(actor=world.users["tester"], named=named, draft=ReportDraft(reason="spam"))
    # Open once, so that the tester may file the rows below.
    world.report.state = "dismissed"
    world.report.save()
    world.open_report = report_file(
        actor=world.users["tester"],
        named=Named(ReportTarget.EPISODE, anime_id=world.anime.pk, number=2),
        draft=ReportDraft(reason="dead_source"),
    )


def _of(name: str, path: str) -> Callable[[Any], str]:
    return lambda world: path.format(getattr(world, name).pk)


def _new(target: str, name: str) -> Callable[[Any], str]:
    return lambda world: f"/reports/new?target={target}&id={getattr(world, name).pk}"


_V = "api/v1"
ROWS = [
    Row(
        "POST",
        f"{_V}/users/<uuid:id>/report",
        _NOT_ONESELF,
        path=_of("owner", f"/{_V}/users/{{}}/report"),
        body=lambda w: _SPAM,
    ),
    Row(
        "POST",
        f"{_V}/posts/<uuid:id>/report",
        _NOT_ONESELF,
        path=_of("reported_post", f"/{_V}/posts/{{}}/report"),
        body=lambda w: _SPAM,
    ),
    Row(
        "POST",
        f"{_V}/comments/<uuid:id>/report",
        _NOT_ONESELF,
        path=_of("reported_comment", f"/{_V}/comments/{{}}/report"),
        body=lambda w: _SPAM,
    ),
    Row(
        "POST",
        f"{_V}/collections/<uuid:id>/report",
        _NOT_ONESELF,
        path=_of("reported_shelf", f"/{_V}/collections/{{}}/report"),
        body=lambda w: _SPAM,
    ),
    Row(
        "POST",
        f"{_V}/anime/<bigid:id>/episodes/<ordinal:number>/report",
        _ANYBODY,
        path=lambda w: f"/{_V}/anime/{w.anime.pk}/episodes/1/report",
        body=lambda w: _DEAD,
    ),
    Row("GET", f"{_V}/reports", SIGNED_IN),
    Row("GET", f"{_V}/admin/reports", _STAFF),
    Row("GET", f"{_V}/admin/reports/<uuid:id>", _STAFF, path=_of("open_report", f"/{_V}/admin/reports/{{}}")),
    Row(
        "PATCH",
        f"{_V}/admin/reports/<uuid:id>",
        _STAFF,
        path=_of("open_report", f"/{_V}/admin/reports/{{}}"),
        body=lambda w: {"state": "resolved", "outcome": "Done."},
    ),
    Row(
        "POST",
        f"{_V}/admin/reports/<uuid:id>/notes",
        "401 403 403 403 201 201 201",
        path=_of("open_report", f"/{_V}/admin/reports/{{}}/notes"),
        body=lambda w: {"body": "a note"},
    ),
    Row("GET", "reports/new", "302 400 200 200 200 200 200", path=_new("comment", "reported_comment")),
    Row("GET", "reports/new", "302 404 404 404 404 404 404", query="?target=comment&id=nothing"),
    Row(
        "POST",
        "reports/new",
        "302 400 302 302 302 302 302",
        body=lambda w: {"target": "comment", "id": str(w.reported_comment.pk), "reason": "spam"},
    ),
    Row("GET", "settings/reports", SIGNED_IN_PAGE),
]
