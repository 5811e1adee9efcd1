"""Addresses of the lists' pages and fragments."""

from django.urls import URLPattern, path

from lists.pages import entries, preferences, progress, recommendations, statistics, years

urlpatterns: list[URLPattern] = [
    path("list/recommendations", recommendations.recommendations, name="recommendations"),
    path("settings/list", preferences.list_settings_page, name="settings_list"),
    path("anime/<int:anime_id>/list", entries.entry_save, name="list-entry"),
    path("watch/progress", progress.progress_beacon, name="progress-beacon"),
    path("watch/progress/<int:anime_id>/remove", progress.progress_remove, name="progress-remove"),
    path("users/<str:username>/statistics", statistics.statistics_page, name="user-statistics"),
    path("users/<str:username>/year/<int:year>", years.year_page, name="user-year"),
]
