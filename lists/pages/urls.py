"""Addresses of the lists' pages and fragments."""

from django.urls import URLPattern, path

from lists.pages import (
    bulk,
    collection_urls,
    entries,
    history,
    imports,
    lists,
    preferences,
    progress,
    recommendations,
    statistics,
    years,
)

urlpatterns: list[URLPattern] = [
    *collection_urls.urlpatterns,
    path("list/recommendations", recommendations.recommendations, name="recommendations"),
    path("settings/list", preferences.list_settings_page, name="settings_list"),
    path("list", lists.my_list, name="my-list"),
    path("users/<str:username>/list", lists.user_list, name="user-list"),
    path("list/bulk", bulk.bulk_edit, name="list-bulk"),
    path("list/bulk/<uuid:batch>/undo", bulk.bulk_undo, name="list-bulk-undo"),
    path("list/<int:anime_id>/edit", entries.entry_edit, name="list-edit"),
    path("list/<int:anime_id>/row", entries.entry_row_save, name="list-row"),
    path("list/<int:anime_id>/next", entries.entry_next, name="list-next"),
    path("list/history", history.my_history, name="my-history"),
    path("list/history/<uuid:activity_id>/undo", history.history_undo, name="history-undo"),
    path("list/history/clear", history.history_clear, name="history-clear"),
    path("anime/<int:anime_id>/list", entries.entry_save, name="list-entry"),
    path("watch/progress", progress.progress_beacon, name="progress-beacon"),
    path("watch/progress/<int:anime_id>/remove", progress.progress_remove, name="progress-remove"),
    path("users/<str:username>/statistics", statistics.statistics_page, name="user-statistics"),
    path("users/<str:username>/year/<int:year>", years.year_page, name="user-year"),
    path("settings/imports", imports.imports_page, name="settings_imports"),
    path("settings/imports/<uuid:id>", imports.import_page, name="settings_import"),
    path("settings/imports/<uuid:id>/status", imports.import_status, name="settings_import_status"),
    path("settings/imports/<uuid:id>/lines/<bigid:position>", imports.import_row_save, name="settings_import_line"),
    path("settings/imports/<uuid:id>/apply", imports.import_apply, name="settings_import_apply"),
    path("settings/imports/<uuid:id>/undo", imports.import_undo, name="settings_import_undo"),
    path("settings/imports/<uuid:id>/discard", imports.import_discard, name="settings_import_discard"),
]
