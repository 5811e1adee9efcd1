"""API routes of reports."""

from django.urls import URLPattern, path

from social.api.views import report_desk, reports

urlpatterns: list[URLPattern] = [
    path("users/<uuid:id>/report", reports.UserReport.as_view(), name="api-user-report"),
    path("posts/<uuid:id>/report", reports.PostReport.as_view(), name="api-post-report"),
    path("comments/<uuid:id>/report", reports.CommentReport.as_view(), name="api-comment-report"),
    path("collections/<uuid:id>/report", reports.CollectionReport.as_view(), name="api-collection-report"),
    path(
        "anime/<bigid:id>/episodes/<ordinal:number>/report",
        reports.EpisodeReport.as_view(),
        name="api-episode-report",
    ),
    path("reports", reports.MyReports.as_view(), name="api-reports"),
    path("admin/reports", report_desk.AdminReports.as_view(), name="api-admin-reports"),
    path("admin/reports/<uuid:id>", report_desk.AdminReport.as_view(), name="api-admin-report"),
    path("admin/reports/<uuid:id>/notes", report_desk.AdminReportNotes.as_view(), name="api-admin-report-notes"),
]
