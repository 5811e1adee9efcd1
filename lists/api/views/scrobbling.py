"""`/users/me/scrobble-plays`, `/users/me/scrobble-rules`: what no anime was certain for, and the caller's word on it."""

import uuid
from typing import cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.pagination import PageQuery, page_envelope
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from lists.api.serializers.scrobbling import (
    ScrobbleAssignIn,
    ScrobblePlayOut,
    ScrobblePlayPageOut,
    ScrobbleRuleIn,
    ScrobbleRuleOut,
    ScrobbleRulePageOut,
    ScrobbleRuleSetOut,
)
from lists.limits import SCROBBLE_RULES
from lists.selectors.scrobble_rules import candidates_of_plays, plays_waiting, rules_of
from lists.services import scrobble_rules as services

_PAGING = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]
_PRIVATE = {"Cache-Control": "private, no-store"}
_DECIDED = "`scrobble_decided`: somebody was faster; `too_many_scrobble_rules`"


class ScrobblePlays(View):
    scopes = Scope.LISTS_READ
    access = SignedIn
    query = frozenset({"page", "page_size"})

    @extend_schema(
        operation_id="scrobble_plays_list", parameters=_PAGING, responses=ScrobblePlayPageOut, tags=["Scrobbling"]
    )
    def get(self, request: Request) -> Response:
        """Finished plays of the caller's media servers that wait for a word, newest first, each with what it may be."""
        user, page = cast(User, request.user), PageQuery.of(request.query_params)
        rows = plays_waiting(user)
        shown = list(rows[page.offset : page.offset + page.size])
        context = {"candidates": candidates_of_plays(user, shown)}
        results = ScrobblePlayOut(shown, many=True, context=context).data
        return Response(
            page_envelope(request.path, request.query_params, page, count=rows.count(), results=results),
            headers=_PRIVATE,
        )


class ScrobblePlayAssign(View):
    scopes = Scope.LISTS_WRITE
    access = SignedIn
    limits = {"POST": (SCROBBLE_RULES,)}
    also_answers = {"409": _DECIDED, "410": "The anime is hidden (`anime_hidden`)"}

    @extend_schema(
        operation_id="scrobble_plays_assign",
        request=ScrobbleAssignIn,
        responses=ScrobbleRuleSetOut,
        tags=["Scrobbling"],
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Say which anime a play was. Its season follows: kept plays count with their own times, those to come at once."""
        data = self.parse(ScrobbleAssignIn)
        found = services.play_assign(
            user=cast(User, request.user),
            play_id=id,
            anime_id=data["anime_id"],
            episode_number=data.get("episode_num"),
        )
        return Response(ScrobbleRuleSetOut(found).data, headers=_PRIVATE)


class ScrobblePlayIgnore(View):
    scopes = Scope.LISTS_WRITE
    access = SignedIn
    limits = {"POST": (SCROBBLE_RULES,)}
    also_answers = {"409": _DECIDED}

    @extend_schema(operation_id="scrobble_plays_ignore", request=None, responses=ScrobbleRuleOut, tags=["Scrobbling"])
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Let the play's season count for nothing, now and later; of a special all specials of its show."""
        found = services.play_ignore(user=cast(User, request.user), play_id=id)
        return Response(ScrobbleRuleOut(found).data, headers=_PRIVATE)


class ScrobbleRules(View):
    scopes = Scope.LISTS_READ
    access = SignedIn
    query = frozenset({"page", "page_size"})

    @extend_schema(
        operation_id="scrobble_rules_list", parameters=_PAGING, responses=ScrobbleRulePageOut, tags=["Scrobbling"]
    )
    def get(self, request: Request) -> Response:
        """The caller's rules, by title and season."""
        page = PageQuery.of(request.query_params)
        rows = rules_of(cast(User, request.user))
        results = ScrobbleRuleOut(rows[page.offset : page.offset + page.size], many=True).data
        return Response(
            page_envelope(request.path, request.query_params, page, count=rows.count(), results=results),
            headers=_PRIVATE,
        )


class ScrobbleRuleDetail(View):
    scopes = Scope.LISTS_WRITE
    access = SignedIn
    limits = {"PATCH": (SCROBBLE_RULES,)}
    also_answers = {"410": "The anime is hidden (`anime_hidden`)"}

    @extend_schema(
        operation_id="scrobble_rules_change",
        request=ScrobbleRuleIn,
        responses=ScrobbleRuleSetOut,
        tags=["Scrobbling"],
    )
    def patch(self, request: Request, id: uuid.UUID) -> Response:
        """Let a rule say something else; its kept plays count for the new anime as well."""
        data = self.parse(ScrobbleRuleIn)
        found = services.rule_change(
            user=cast(User, request.user),
            rule_id=id,
            anime_id=data.get("anime_id"),
            episode_number=data.get("episode_num"),
            is_ignored=data.get("is_ignored", False),
        )
        return Response(ScrobbleRuleSetOut(found).data, headers=_PRIVATE)

    @extend_schema(operation_id="scrobble_rules_delete", responses={204: None}, tags=["Scrobbling"])
    def delete(self, request: Request, id: uuid.UUID) -> Response:
        """Forget a rule. Its kept plays wait again; the list stays as it is."""
        services.rule_remove(user=cast(User, request.user), rule_id=id)
        return Response(status=204)
