"""`/admin/downloads`: episodes are queued, watched, halted, tried again and removed."""

import uuid
from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from accounts.facade import Role, User
from core.api.pagination import whole_number
from core.api.permissions import role_in
from core.api.views import Response, View
from core.errors import NotFound
from downloads.access import get_download
from downloads.api.serializers.downloads import (
    PRIORITIES,
    DownloadDetailOut,
    DownloadIn,
    DownloadOut,
    DownloadQueueOut,
    MoveIn,
    PriorityIn,
)
from downloads.models import Download, QueueMode
from downloads.queue.control import ACTIONS, download_delete, download_move, download_set_priority, queue_set_mode
from downloads.queue.enqueue import download_enqueue
from downloads.queue.selectors import MAX_LIMIT, downloads_live, downloads_recent, queue_status

Admin = role_in(Role.ADMIN, Role.SUPERADMIN)
TAGS = ["Admin"]
PRIVATE = {"Cache-Control": "private, no-store"}
_WRONG_STATE = {"409": "Not in a state for this"}
MODES = {"start": QueueMode.RUNNING, "stop": QueueMode.STOPPED, "pause": QueueMode.PAUSED}


def actor_of(request: Request) -> User:
    return cast(User, request.user)


def _shown(download: Download, status: int = 200) -> Response:
    return Response(DownloadOut(download).data, status=status, headers=PRIVATE)


class AdminDownloads(View):
    access = Admin
    also_answers = {"404": "No such anime, or no such episode of it", "409": "In the queue already"}
    query = frozenset({"limit"})

    @extend_schema(operation_id="admin_downloads_create", request=DownloadIn, responses={201: DownloadOut}, tags=TAGS)
    def post(self, request: Request) -> Response:
        """Queue an episode: from the catalogue's sources, or from an address on an allowed host."""
        data: dict[str, Any] = self.parse(DownloadIn)
        download = download_enqueue(
            actor=actor_of(request),
            anime_id=data["anime_id"],
            number=data["episode"],
            episode_kind=data["episode_kind"],
            variant_kind=data["variant_kind"],
            variant_language=data["language"],
            quality=data["quality"],
            priority=PRIORITIES[data["priority"]],
            source_url=data["url"],
            source_name=data["source"],
        )
        return _shown(download, 201)

    @extend_schema(
        operation_id="admin_downloads_list",
        parameters=[OpenApiParameter("limit", int, description="1–200, default 50.")],
        responses=DownloadOut(many=True),
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """The newest downloads, in whatever state."""
        rows = downloads_recent(whole_number(request.query_params, "limit", 50, highest=MAX_LIMIT))
        return Response(DownloadOut(rows, many=True).data, headers=PRIVATE)


class AdminDownload(View):
    access = Admin

    @extend_schema(operation_id="admin_downloads_get", responses=DownloadDetailOut, tags=TAGS)
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """State, stage, progress, and why attempts failed."""
        return Response(DownloadDetailOut(get_download(request.user, id)).data, headers=PRIVATE)

    @extend_schema(operation_id="admin_downloads_update", request=PriorityIn, responses=DownloadOut, tags=TAGS)
    def patch(self, request: Request, id: uuid.UUID) -> Response:
        """Set its priority: it goes behind all others of that."""
        priority = PRIORITIES[self.parse(PriorityIn)["priority"]]
        return _shown(download_set_priority(download=get_download(request.user, id), priority=priority))

    @extend_schema(operation_id="admin_downloads_delete", responses={204: None}, tags=TAGS)
    def delete(self, request: Request, id: uuid.UUID) -> Response:
        """Remove the row and its file, in whatever state it is; a worker that has it lets go of it."""
        download_delete(actor=actor_of(request), download=get_download(request.user, id))
        return Response(status=204)


class AdminDownloadAction(View):
    access = Admin
    also_answers = _WRONG_STATE

    @extend_schema(operation_id="admin_downloads_act", request=None, responses=DownloadOut, tags=TAGS)
    def post(self, request: Request, id: uuid.UUID, action: str) -> Response:
        """`pause` halts it with all that it has, `resume` lets it go on, `retry` begins its attempts anew, `cancel` gives it up."""
        if action not in ACTIONS:
            raise NotFound()
        return _shown(ACTIONS[action](download=get_download(request.user, id)))


class AdminDownloadMove(View):
    access = Admin
    also_answers = _WRONG_STATE

    @extend_schema(operation_id="admin_downloads_move", request=MoveIn, responses=DownloadOut, tags=TAGS)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Put a waiting download directly before another one, or behind all of its priority."""
        before = self.parse(MoveIn)["before"]
        other = None if before is None else get_download(request.user, before)
        return _shown(download_move(download=get_download(request.user, id), before=other))


class AdminQueue(View):
    access = Admin

    @extend_schema(operation_id="admin_downloads_queue", responses=DownloadQueueOut, tags=TAGS)
    def get(self, request: Request) -> Response:
        """How the queue stands, and the first 200 that run, wait or are paused, in their order."""
        found = {"status": queue_status(), "items": list(downloads_live()[:MAX_LIMIT])}
        return Response(DownloadQueueOut(found).data, headers=PRIVATE)


class AdminQueueMode(View):
    access = Admin

    @extend_schema(operation_id="admin_downloads_queue_set", request=None, responses=DownloadQueueOut, tags=TAGS)
    def post(self, request: Request, mode: str) -> Response:
        """`start` it; `stop` lets what runs come to its end and starts nothing; `pause` halts also what runs."""
        if mode not in MODES:
            raise NotFound()
        queue_set_mode(actor=actor_of(request), mode=MODES[mode])
        found = {"status": queue_status(), "items": list(downloads_live()[:MAX_LIMIT])}
        return Response(DownloadQueueOut(found).data, headers=PRIVATE)
