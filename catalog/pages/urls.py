"""The pages of the catalogue."""

from django.urls import URLPattern, path

from catalog.pages.home import home

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("browse", home, name="browse"),
    path("schedule", home, name="schedule"),
    path("search", home, name="search"),
    path("search/suggest", home, name="search-suggest"),
]
