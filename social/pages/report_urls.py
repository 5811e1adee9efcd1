"""Pages of reports, and the form of votes on anime."""

from django.urls import URLPattern, path

from social.pages import anime_votes, reports

urlpatterns: list[URLPattern] = [
    path("reports/new", reports.report_new, name="report-new"),
    path("settings/reports", reports.my_reports, name="my-reports"),
    path("anime/<int:anime_id>/vote", anime_votes.anime_vote, name="anime-vote"),
]
