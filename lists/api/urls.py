"""The flat table of the lists' API routes, a file a noun."""

from django.urls import URLPattern, URLResolver, include, path

from lists.api.views import (
    calendars,
    exports,
    imports,
    preferences,
    progress,
    recommendations,
    scrobbling,
    statistics,
    webhooks,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lists.api.collection_urls")),
    path("", include("lists.api.entry_urls")),
    path("users/me/list-preferences", preferences.Preferences.as_view(), name="api-list-preferences"),
    path("users/me/recommendations", recommendations.Recommendations.as_view(), name="api-recommendations"),
    path("users/me/progress", progress.Progress.as_view(), name="api-progress"),
    path("users/me/progress/import", progress.ProgressImport.as_view(), name="api-progress-import"),
    path("anime-list/statistics", statistics.OwnStatistics.as_view(), name="api-list-statistics"),
    path("users/<str:username>/anime-list/statistics", statistics.UserStatistics.as_view(), name="api-user-statistics"),
    path("users/<str:username>/anime-list/years/<int:year>", statistics.UserYear.as_view(), name="api-user-year"),
    path("anime-list/export", exports.ListExport.as_view(), name="api-list-export"),
    path("anime-list/imports", imports.Imports.as_view(), name="api-imports"),
    path("anime-list/imports/<uuid:id>", imports.ImportDetail.as_view(), name="api-import"),
    path("anime-list/imports/<uuid:id>/rows", imports.ImportRows.as_view(), name="api-import-rows"),
    path("anime-list/imports/<uuid:id>/rows/<bigid:position>", imports.ImportRow.as_view(), name="api-import-row"),
    path("anime-list/imports/<uuid:id>/apply", imports.ImportApply.as_view(), name="api-import-apply"),
    path("anime-list/imports/<uuid:id>/undo", imports.ImportUndo.as_view(), name="api-import-undo"),
    path("users/me/calendar", calendars.Calendar.as_view(), name="api-calendar"),
    path("users/me/calendar/revoke", calendars.CalendarRevoke.as_view(), name="api-calendar-revoke"),
    path("users/me/scrobble-plays", scrobbling.ScrobblePlays.as_view(), name="api-scrobble-plays"),
    path(
        "users/me/scrobble-plays/<uuid:id>/assign",
        scrobbling.ScrobblePlayAssign.as_view(),
        name="api-scrobble-play-assign",
    ),
    path(
        "users/me/scrobble-plays/<uuid:id>/ignore",
        scrobbling.ScrobblePlayIgnore.as_view(),
        name="api-scrobble-play-ignore",
    ),
    path("users/me/scrobble-rules", scrobbling.ScrobbleRules.as_view(), name="api-scrobble-rules"),
    path("users/me/scrobble-rules/<uuid:id>", scrobbling.ScrobbleRuleDetail.as_view(), name="api-scrobble-rule"),
    path("webhooks/<str:server>/<str:token>", webhooks.Webhook.as_view(), name="api-webhook"),
]
