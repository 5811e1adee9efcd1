"""The flat table of the catalogue's API routes."""

from django.urls import URLPattern, path, register_converter

from catalog.api.converters import BigId, Ordinal, ShikimoriId
from catalog.api.views import anime, calendar, news, timecodes

register_converter(BigId, "bigid")
register_converter(Ordinal, "ordinal")
register_converter(ShikimoriId, "shikimori")

urlpatterns: list[URLPattern] = [
    path("anime", anime.AnimeList.as_view(), name="api-anime-list"),
    path("anime/search", anime.AnimeSearch.as_view(), name="api-anime-search"),
    path("anime/calendar", calendar.AnimeCalendar.as_view(), name="api-anime-calendar"),
    path("anime/upcoming", news.AnimeUpcoming.as_view(), name="api-anime-upcoming"),
    path("anime/recently-updated", news.AnimeUpdated.as_view(), name="api-anime-updated"),
    path("anime/by-shikimori/<shikimori:sid>", anime.AnimeByShikimori.as_view(), name="api-anime-by-shikimori"),
    path(
        "anime/by-shikimori/<shikimori:sid>/community-rating",
        calendar.AnimeCommunityRatingByShikimori.as_view(),
        name="api-anime-community-rating-by-shikimori",
    ),
    path(
        "anime/by-shikimori/<shikimori:sid>/timecodes",
        timecodes.AnimeTimecodesByShikimori.as_view(),
        name="api-anime-timecodes-by-shikimori",
    ),
    path("anime/<bigid:id>", anime.AnimeDetail.as_view(), name="api-anime"),
    path("anime/<bigid:id>/episodes", anime.AnimeEpisodes.as_view(), name="api-anime-episodes"),
    path(
        "anime/<bigid:id>/community-rating",
        calendar.AnimeCommunityRating.as_view(),
        name="api-anime-community-rating",
    ),
    path("anime/<bigid:id>/similar", anime.AnimeSimilar.as_view(), name="api-anime-similar"),
    path("anime/<bigid:id>/related", anime.AnimeRelated.as_view(), name="api-anime-related"),
    path("anime/<bigid:id>/timecodes", timecodes.AnimeTimecodes.as_view(), name="api-anime-timecodes"),
    path("staff/timecodes/missing", timecodes.StaffTimecodesMissing.as_view(), name="api-staff-timecodes-missing"),
    path("staff/anime/<bigid:id>/timecodes", timecodes.StaffTimecodes.as_view(), name="api-staff-timecodes"),
    path("staff/anime/<bigid:id>/timecodes/<ordinal:ep>", timecodes.StaffTimecode.as_view(), name="api-staff-timecode"),
    path(
        "staff/anime/<bigid:id>/timecodes/<ordinal:ep>/copy",
        timecodes.StaffTimecodeCopy.as_view(),
        name="api-staff-timecode-copy",
    ),
    path(
        "staff/anime/by-shikimori/<shikimori:sid>/timecodes/<ordinal:ep>",
        timecodes.StaffTimecodeByShikimori.as_view(),
        name="api-staff-timecode-by-shikimori",
    ),
]
