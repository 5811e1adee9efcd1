"""The pages of the catalogue."""

from django.urls import URLPattern, path

from catalog.pages.anime import anime
from catalog.pages.browse import browse, studio_options
from catalog.pages.home import home
from catalog.pages.news import recent, upcoming
from catalog.pages.resume import resume_row
from catalog.pages.schedule import schedule
from catalog.pages.schedule_feed import schedule_ics
from catalog.pages.search import search, suggest

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("resume", resume_row, name="home-resume"),
    path("browse", browse, name="browse"),
    path("browse/studios", studio_options, name="studio-options"),
    path("search", search, name="search"),
    path("search/suggest", suggest, name="search-suggest"),
    path("schedule", schedule, name="schedule"),
    path("schedule.ics", schedule_ics, name="schedule-ics"),
    path("upcoming", upcoming, name="upcoming"),
    path("recent", recent, name="recent"),
    path("anime/<int:anime_id>", anime, name="anime"),
    path("anime/<int:anime_id>-<slug:slug>", anime, name="anime"),
]
