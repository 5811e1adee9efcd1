"""Reporting people, what they wrote and episodes, and what became of one's reports."""

from typing import Any, cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.pagination import PageQuery, page_envelope
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from social.access_reports import Named
from social.api.serializers.reports import EpisodeReportIn, ReportOut, ReportsOut, UserReportIn, WrittenReportIn
from social.api.views.friends import PAGING
from social.limits import EPISODE_REPORTS, REPORT_ATTEMPTS, REPORTS, USER_REPORTS
from social.models import ReportTarget
from social.selectors.reports import reports_of
from social.services.reports import ReportDraft, report_file

TAGS = ["Reports"]
ANSWERS = {"409": "`already_reported`: the caller's earlier report about it is still open"}


class _Reporting(View):
    """What the views below share."""

    access, scopes = SignedIn, Scope.SOCIAL_WRITE
    limits = {"POST": (REPORT_ATTEMPTS,)}
    also_answers = ANSWERS

    def file(self, named: Named, data: dict[str, Any]) -> Response:
        draft = ReportDraft(
            reason=data["reason"],
            message=data["message"],
            translation_code=data.get("translation", ""),
            position_seconds=data.get("second"),
        )
        report = report_file(actor=cast(User, self.request.user), named=named, draft=draft)
        return Response(ReportOut(report).data, status=201)


class UserReport(_Reporting):
    done_limits = {"POST": (USER_REPORTS,)}

    @extend_schema(operation_id="user_report", tags=["Friends"], request=UserReportIn, responses={201: ReportOut})
    def post(self, request: Request, id: UUID) -> Response:
        """Report a person to those who moderate: five an hour. 400 `with_oneself`, 404 for whom the caller does not see
        (but for those whom they blocked themselves).
        """
        return self.file(Named(ReportTarget.USER, id=id), self.parse(UserReportIn))


class PostReport(_Reporting):
    done_limits = {"POST": (REPORTS,)}

    @extend_schema(operation_id="post_report", tags=TAGS, request=WrittenReportIn, responses={201: ReportOut})
    def post(self, request: Request, id: UUID) -> Response:
        """Report a post. 400 `with_oneself` for one's own, 404 for one that is deleted or not to be seen."""
        return self.file(Named(ReportTarget.POST, id=id), self.parse(WrittenReportIn))


class CommentReport(_Reporting):
    done_limits = {"POST": (REPORTS,)}

    @extend_schema(operation_id="comment_report", tags=TAGS, request=WrittenReportIn, responses={201: ReportOut})
    def post(self, request: Request, id: UUID) -> Response:
        """Report a comment, wherever it stands. 400 `with_oneself`, 404 as for posts."""
        return self.file(Named(ReportTarget.COMMENT, id=id), self.parse(WrittenReportIn))


class CollectionReport(_Reporting):
    done_limits = {"POST": (REPORTS,)}

    @extend_schema(operation_id="collection_report", tags=TAGS, request=WrittenReportIn, responses={201: ReportOut})
    def post(self, request: Request, id: UUID) -> Response:
        """Report a collection: its title, its texts, its cover. 400 `with_oneself`, 404 for private ones of others."""
        return self.file(Named(ReportTarget.COLLECTION, id=id), self.parse(WrittenReportIn))


class EpisodeReport(_Reporting):
    done_limits = {"POST": (EPISODE_REPORTS,)}
    also_answers = ANSWERS | {"410": "`anime_hidden`: this anime was taken down"}

    @extend_schema(operation_id="episode_report", tags=TAGS, request=EpisodeReportIn, responses={201: ReportOut})
    def post(self, request: Request, id: int, number: int) -> Response:
        """Report that an episode does not play or is not what it says. A `source_id` of another episode is passed over."""
        data = self.parse(EpisodeReportIn)
        named = Named(ReportTarget.EPISODE, anime_id=id, number=number, source_id=data.get("source_id"))
        return self.file(named, data)


class MyReports(View):
    access, scopes, query = SignedIn, Scope.SOCIAL_READ, frozenset({"page", "page_size"})

    @extend_schema(operation_id="reports_list", tags=TAGS, parameters=PAGING, responses=ReportsOut)
    def get(self, request: Request) -> Response:
        """What the caller reported and what became of it, newest first."""
        page, rows = PageQuery.of(request.query_params), reports_of(cast(User, request.user))
        found = ReportOut(rows[page.offset : page.offset + page.size], many=True).data
        return Response(page_envelope(request.path, request.query_params, page, count=rows.count(), results=found))
