"""Challenges: how far somebody is, claiming, making one."""

from typing import cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.permissions import Public, SignedIn
from core.api.scopes import Scope
from core.api.views import View
from lists.access_collections import get_collection
from lists.api.serializers.collection_social import CollectionChallengeIn, CollectionChallengeOut
from lists.api.serializers.collections import CollectionOut
from lists.api.views.collections import LIMITS, TAGS, Admin
from lists.selectors.collections import challenge_progress, shown_of
from lists.services import challenges as services


class ChallengeProgress(View):
    access, scopes, query = Public, Scope.LISTS_READ, frozenset()

    @extend_schema(operation_id="collection_challenge_progress", tags=TAGS, responses=CollectionChallengeOut)
    def get(self, request: Request, id: UUID) -> Response:
        """The caller's standing, of ordinary collections too (`is_challenge` false); strangers get zeroes."""
        progress = challenge_progress(request.user, get_collection(request.user, id))
        return Response(CollectionChallengeOut(progress).data)


class ChallengeClaim(View):
    access, scopes, limits = SignedIn, Scope.LISTS_WRITE, LIMITS
    also_answers = {
        "400": "`not_a_challenge`, or `challenge_not_complete` with `progress`",
        "409": "`challenge_already_claimed` with `progress`",
    }

    @extend_schema(operation_id="collection_challenge_claim", tags=TAGS, request=None, responses=CollectionChallengeOut)
    def post(self, request: Request, id: UUID) -> Response:
        """Claim the coins for completing every anime of a challenge; once."""
        found = get_collection(request.user, id)
        progress = services.challenge_claim(actor=cast(User, request.user), collection=found)
        return Response(CollectionChallengeOut(progress).data)


class AdminChallenge(View):
    access, limits = Admin, LIMITS

    @extend_schema(
        operation_id="admin_collection_challenge", tags=TAGS, request=CollectionChallengeIn, responses=CollectionOut
    )
    def patch(self, request: Request, id: UUID) -> Response:
        """Make a collection a challenge worth 0–5,000 coins, or an ordinary one again; admins only."""
        found, data = get_collection(request.user, id), self.parse(CollectionChallengeIn)
        changed = services.challenge_set(actor=cast(User, request.user), collection=found, **data)
        return Response(CollectionOut(shown_of(request.user, changed)).data)
