"""What somebody may report, and which reports somebody may work on: decided here, once for the API, the pages and the admin."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.urls import reverse

from accounts.facade import Role, User, people_visible, role_allows
from catalog.facade import episode_source_facts
from core.errors import NotFound, PermissionDenied, Text
from lists.facade import collection_get_visible
from social.access import get_anime_target, get_comment, get_post
from social.errors import ReportIsClosed, WithOneself
from social.models import Block, Report, ReportState, ReportTarget
from social.selectors.report_facts import comment_facts, person_facts, post_facts

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser

WORK = "social.change_report"
NOBODY = uuid.UUID(int=0)
OPEN_STATES = (ReportState.OPEN, ReportState.ASSIGNED)


@dataclass(frozen=True, slots=True)
class Named:
    """What is to be reported, by name: `id`, or for an episode its anime and its number.

    `source_id` is what played (another episode's is passed over).
    """

    target: ReportTarget
    id: uuid.UUID = NOBODY
    anime_id: int = 0
    number: int = 0
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """Something that may be reported. `keys`: the columns of `Report` that name it; `user_id`: whom it concerns."""

    target: ReportTarget
    keys: dict[str, Any]
    title: Text
    path: str
    user_id: uuid.UUID | None = None
    snapshot: dict[str, Any] = field(default_factory=dict)


def works_on_reports(user: "Viewer") -> bool:
    """Whether they may see and decide reports: moderators and above."""
    return bool(user.is_authenticated and role_allows(user.role, WORK))


def desk_people() -> QuerySet[User]:
    """Who works on reports (reference: every moderator, admin and superadmin is told of one)."""
    return User.objects.public().filter(role__in=[role for role in Role.values if role_allows(role, WORK)])


def get_reported(viewer: User, named: Named) -> Reported:
    """What `named` names, as the viewer sees it now.

    Raises `NotFound` for what is deleted or not theirs to see, `WithOneself` for oneself and one's own; of episodes
    `AnimeHidden` (410), `AdultNotAllowed` (403), `ValidationFailed` for a number that there is not.
    """
    found = _GETTERS[named.target](viewer, named)
    if found.user_id == viewer.pk:
        raise WithOneself()
    return found


def get_report(actor: "Viewer", report_id: uuid.UUID, *, lock: bool = False, is_open: bool = False) -> Report:
    """A report that `actor` works on; nobody sees those about themselves.

    Raises `PermissionDenied` for others than staff, `NotFound`, and `ReportIsClosed` (409) where it has to be open.
    `lock` holds its row until the transaction ends.
    """
    if not works_on_reports(actor):
        raise PermissionDenied()
    rows = reports_for(actor).filter(pk=report_id)
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    report = rows.first()
    if report is None:
        raise NotFound()
    if is_open and report.state not in OPEN_STATES:
        raise ReportIsClosed()
    return report


def reports_for(actor: "Viewer") -> QuerySet[Report]:
    """The reports that `actor` may work on, as a queryset: all but those about themselves."""
    if not works_on_reports(actor):
        return Report.objects.none()
    return Report.objects.exclude(user=cast(User, actor))


def _of_user(viewer: User, named: Named) -> Reported:
    """Somebody the viewer sees, or somebody whom they blocked themselves: that must not protect from a report."""
    blocked = Block.objects.filter(blocker=viewer, blocked=named.id)
    person = people_visible(viewer).filter(pk=named.id).first()
    if person is None and blocked.exists():
        person = User.objects.public().filter(pk=named.id).first()
    if person is None:
        raise NotFound()
    snapshot = person_facts(person)
    path = reverse("profile", args=[person.username])
    return Reported(ReportTarget.USER, {"user_id": person.pk}, person.name, path, person.pk, snapshot)


def _of_post(viewer: User, named: Named) -> Reported:
    post = get_post(viewer, named.id)
    snapshot = {**post_facts(post), "written_at": _moment(post.edited_at or post.created_at)}
    path = reverse("post", args=[post.pk])
    return Reported(ReportTarget.POST, {"post_id": post.pk}, post.title, path, post.author_id, snapshot)


def _of_comment(viewer: User, named: Named) -> Reported:
    comment, about = get_comment(viewer, named.id, is_live=False)
    if comment.deleted_at is not None:
        raise NotFound()
    snapshot = {
        **comment_facts(comment),
        "about": str(about.title),
        "episode": about.episode_number,
        "written_at": _moment(comment.edited_at or comment.created_at),
    }
    path = reverse("comment", args=[comment.pk])
    return Reported(ReportTarget.COMMENT, {"comment_id": comment.pk}, about.title, path, comment.author_id, snapshot)


def _of_collection(viewer: User, named: Named) -> Reported:
    found = collection_get_visible(viewer, named.id)
    snapshot = {
        "title": found.title,
        "description": found.description,
        "author": found.owner.username,
        "visibility": found.visibility,
        "written_at": _moment(found.updated_at),
    }
    if found.cover_id:
        snapshot["cover"] = str(found.cover_id)
    path = reverse("collection", args=[found.pk])
    keys = {"collection_id": found.pk}
    return Reported(ReportTarget.COLLECTION, keys, found.title, path, found.owner_id, snapshot)


def _of_episode(viewer: User, named: Named) -> Reported:
    about = get_anime_target(viewer, named.anime_id, named.number)
    if about.anime_id is None or about.episode_number is None:
        raise NotFound()
    keys: dict[str, Any] = {"anime_id": about.anime_id, "episode_number": about.episode_number}
    snapshot: dict[str, Any] = {"title": str(about.title), "episode": about.episode_number}
    source = episode_source_facts(named.source_id, anime_id=about.anime_id, number=about.episode_number)
    if source is not None:
        keys["source_id"] = named.source_id
        keys["translation_code"] = source["translation"]
        snapshot["source"] = source
    return Reported(ReportTarget.EPISODE, keys, about.title, about.path, None, snapshot)


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


_GETTERS = {
    ReportTarget.USER: _of_user,
    ReportTarget.POST: _of_post,
    ReportTarget.COMMENT: _of_comment,
    ReportTarget.COLLECTION: _of_collection,
    ReportTarget.EPISODE: _of_episode,
}


__all__ = [
    "NOBODY",
    "OPEN_STATES",
    "Named",
    "Reported",
    "desk_people",
    "get_report",
    "get_reported",
    "reports_for",
    "works_on_reports",
]
