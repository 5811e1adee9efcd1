"""Votes on anime: up or down, beside the score on one's list."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.permissions import Public, SignedIn
from core.api.scopes import Scope
from core.api.views import View
from social.access import get_anime_target
from social.api.serializers.anime_votes import AnimeVoteIn, AnimeVotesOut
from social.limits import VOTES
from social.selectors.anime_votes import votes_of
from social.services import anime_votes as services

TAGS = ["Community"]
HIDDEN = {"410": "`anime_hidden`: this anime was taken down"}


class AnimeVotes(View):
    access, scopes, query = Public, Scope.SOCIAL_READ, frozenset()
    also_answers = HIDDEN

    @extend_schema(operation_id="anime_votes", tags=TAGS, responses=AnimeVotesOut)
    def get(self, request: Request, id: int) -> Response:
        """How many like an anime and how many do not, and the caller's own vote."""
        anime_id = get_anime_target(request.user, id).anime_id
        return Response(AnimeVotesOut(votes_of(request.user, anime_id or id)).data)


class AnimeVote(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"POST": (VOTES,), "DELETE": (VOTES,)}
    also_answers = HIDDEN

    @extend_schema(operation_id="anime_vote_set", tags=TAGS, request=AnimeVoteIn, responses=AnimeVotesOut)
    def post(self, request: Request, id: int) -> Response:
        """Vote on an anime; the same again changes nothing, the other takes its place."""
        value = self.parse(AnimeVoteIn)["value"]
        found = services.anime_vote_set(actor=cast(User, request.user), anime_id=id, value=value)
        return Response(AnimeVotesOut(found).data)

    @extend_schema(operation_id="anime_vote_remove", tags=TAGS, responses={200: AnimeVotesOut})
    def delete(self, request: Request, id: int) -> Response:
        """Take one's vote back; none is fine."""
        found = services.anime_vote_remove(actor=cast(User, request.user), anime_id=id)
        return Response(AnimeVotesOut(found).data)
