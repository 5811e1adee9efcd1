"""API routes of votes on anime."""

from django.urls import URLPattern, path

from social.api.views import anime_votes

urlpatterns: list[URLPattern] = [
    path("anime/<bigid:id>/votes", anime_votes.AnimeVotes.as_view(), name="api-anime-votes"),
    path("anime/<bigid:id>/vote", anime_votes.AnimeVote.as_view(), name="api-anime-vote"),
]
