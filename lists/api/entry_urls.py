"""API routes of list entries."""

from django.urls import URLPattern, path

from lists.api.views import bulk, entries, history

urlpatterns: list[URLPattern] = [
    path("users/<str:username>/anime-list", entries.UserEntries.as_view(), name="api-user-entries"),
    path("users/<str:username>/anime-list/history", history.UserHistory.as_view(), name="api-user-history"),
    path("anime-list", entries.Entries.as_view(), name="api-entries"),
    path("anime-list/tags", entries.EntryTags.as_view(), name="api-entry-tags"),
    path("anime-list/bulk", bulk.EntriesBulk.as_view(), name="api-entries-bulk"),
    path("anime-list/bulk/<uuid:batch>/undo", bulk.EntriesBulkUndo.as_view(), name="api-entries-bulk-undo"),
    path("anime-list/history", history.History.as_view(), name="api-history"),
    path("anime-list/history/<uuid:id>/undo", history.HistoryUndo.as_view(), name="api-history-undo"),
    path("anime-list/<bigid:anime_id>", entries.Entry.as_view(), name="api-entry"),
    path("anime-list/<bigid:anime_id>/episode", entries.EntryEpisode.as_view(), name="api-entry-episode"),
    path(
        "anime-list/shikimori/<shikimori:shikimori_id>",
        entries.EntryByShikimori.as_view(),
        name="api-entry-by-shikimori",
    ),
]
