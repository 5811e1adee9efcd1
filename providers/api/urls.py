"""The flat table of the providers' API routes. (`bigid` is registered by the catalogue's.)"""

from django.urls import URLPattern, path

from providers.api.views import admin_anime, anime, home, search

urlpatterns: list[URLPattern] = [
    path("providers", home.Providers.as_view(), name="api-providers"),
    path("providers/home", home.ProvidersHome.as_view(), name="api-providers-home"),
    path("providers/genres", search.ProvidersGenres.as_view(), name="api-providers-genres"),
    path("providers/anime/mal/<bigid:mal_id>", anime.ProviderAnimeByMal.as_view(), name="api-providers-anime-by-mal"),
    path("providers/<slug:name>/anime/<str:slug>", anime.ProviderAnime.as_view(), name="api-provider-anime"),
    path("admin/anime", admin_anime.AdminAnimeList.as_view(), name="api-admin-anime-list"),
    path("admin/anime/<bigid:id>", admin_anime.AdminAnime.as_view(), name="api-admin-anime"),
    path("admin/anime/<bigid:id>/sources", admin_anime.AdminAnimeSources.as_view(), name="api-admin-anime-sources"),
    path("admin/anime/<bigid:id>/sync", admin_anime.AdminAnimeSync.as_view(), name="api-admin-anime-sync"),
    path(
        "admin/anime/<bigid:id>/candidates",
        admin_anime.AdminAnimeCandidates.as_view(),
        name="api-admin-anime-candidates",
    ),
]
