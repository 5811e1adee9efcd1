"""`/admin/library/missing`, `/admin/library/follows`: what the library lacks, filling it, standing orders."""

from typing import Any, cast

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from accounts.facade import Role, User, sees_hidden
from catalog.facade import TRANSLATION_KINDS, anime_cards, anime_get_visible
from core.api.pagination import PageQuery, page_envelope
from core.api.permissions import role_in
from core.api.views import Response, View
from core.errors import UnknownFilter, ValidationFailed
from downloads.api.serializers.downloads import PRIORITIES
from downloads.api.serializers.missing import (
    FilledOut,
    FillIn,
    FollowIn,
    FollowListedOut,
    FollowOut,
    FollowPageOut,
    MissingAnimeOut,
    MissingBoardOut,
    MissingDetailOut,
)
from downloads.missing.counting import SORTS
from downloads.missing.filling import anime_fill, wish_checked
from downloads.missing.following import follow_remove, follow_set, follows_all, follows_of
from downloads.missing.selectors import AnimeGaps, board, episode_gaps, wish_usual

Admin = role_in(Role.ADMIN, Role.SUPERADMIN)
Reader = role_in(Role.MODERATOR, Role.ADMIN, Role.SUPERADMIN)
_TAGS = ["Admin"]
_PRIVATE = {"Cache-Control": "private, no-store"}
_PAGING = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]
_VARIANT = [
    OpenApiParameter("variant_kind", str, enum=sorted(TRANSLATION_KINDS)),
    OpenApiParameter("language", str, description="BCP 47."),
]


class AdminMissing(View):
    access = Reader
    query = frozenset({"page", "page_size", "search", "sort_by", "sort_order", "only_missing"})

    @extend_schema(
        operation_id="admin_library_missing_list",
        parameters=[
            *_PAGING,
            OpenApiParameter("search", str, description="Names of any anime, kept or not; the hundred most alike."),
            OpenApiParameter("sort_by", str, enum=list(SORTS), description="Default missing."),
            OpenApiParameter("sort_order", str, enum=["asc", "desc"], description="Default asc for name, else desc."),
            OpenApiParameter("only_missing", bool),
        ],
        responses=MissingBoardOut,
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """The anime that the library keeps, and how many of their episodes are there, missing, and why."""
        page = PageQuery.of(request.query_params)
        found = board(page.page, page.size, shows_hidden=sees_hidden(request.user), **board_query(request.query_params))
        cards = anime_cards(request.user, [row.anime_id for row in found.rows])
        results = list(MissingAnimeOut([_row(row, cards) for row in found.rows], many=True).data)
        body = page_envelope(request.path, request.query_params, page, count=found.count, results=results)
        return Response(body, headers=_PRIVATE)


class AdminMissingAnime(View):
    access = Reader
    query = frozenset({"variant_kind", "language"})

    @extend_schema(
        operation_id="admin_library_missing_get", parameters=_VARIANT, responses=MissingDetailOut, tags=_TAGS
    )
    def get(self, request: Request, anime_id: int) -> Response:
        """Every episode of an anime, kept or not: present, or missing and why. With a variant only that counts."""
        anime = anime_get_visible(request.user, anime_id)
        kind, language = _variant(request)
        wish = wish_checked(kind, language)
        gaps = episode_gaps(anime.pk, wish if wish.is_strict else wish_usual())
        shown = {"anime_id": anime.pk, "variant_kind": kind, "language": language, "episodes": gaps}
        return Response(MissingDetailOut(shown).data, headers=_PRIVATE)


class AdminMissingFill(View):
    access = Admin

    @extend_schema(operation_id="admin_library_missing_fill", request=FillIn, responses=FilledOut, tags=_TAGS)
    def post(self, request: Request, anime_id: int) -> Response:
        """Queue what is missing and can be had now, at most 500 episodes at once. Asking again changes nothing."""
        anime = anime_get_visible(request.user, anime_id)
        data = self.parse(FillIn)
        filled = anime_fill(
            actor=cast(User, request.user),
            anime_id=anime.pk,
            variant_kind=data.get("variant_kind"),
            variant_language=data.get("language"),
            quality=data.get("quality"),
            priority=PRIORITIES[data["priority"]],
            season=data.get("season"),
            episodes=data.get("episodes"),
        )
        return Response(FilledOut(filled).data, headers=_PRIVATE)


class AdminMissingFollow(View):
    access = {"GET": Reader, "PUT": Admin, "DELETE": Admin}
    query = frozenset()

    @extend_schema(operation_id="admin_library_follow_get", responses=FollowOut(many=True), tags=_TAGS)
    def get(self, request: Request, anime_id: int) -> Response:
        """The standing orders of an anime."""
        anime = anime_get_visible(request.user, anime_id)
        return Response(FollowOut(follows_of(anime.pk), many=True).data, headers=_PRIVATE)

    @extend_schema(operation_id="admin_library_follow_set", request=FollowIn, responses=FollowOut, tags=_TAGS)
    def put(self, request: Request, anime_id: int) -> Response:
        """Fetch every episode as soon as it exists in this variant; what exists is queued now."""
        anime = anime_get_visible(request.user, anime_id)
        data = self.parse(FollowIn)
        order = follow_set(
            actor=cast(User, request.user),
            anime_id=anime.pk,
            variant_kind=data["variant_kind"],
            variant_language=data["language"],
            quality=data["quality"],
            first_episode=data["first_episode"],
        )
        return Response(FollowOut(order).data, headers=_PRIVATE)

    @extend_schema(operation_id="admin_library_follow_delete", parameters=_VARIANT, responses={204: None}, tags=_TAGS)
    def delete(self, request: Request, anime_id: int) -> Response:
        """End the order of a variant; what it queued stays in the queue."""
        if unknown := sorted(set(request.query_params) - {"variant_kind", "language"}):
            raise UnknownFilter(", ".join(unknown)[:200])
        anime = anime_get_visible(request.user, anime_id)
        kind, language = _variant(request)
        follow_remove(anime_id=anime.pk, variant_kind=kind, variant_language=language)
        return Response(status=204)


class AdminFollows(View):
    access = Reader
    query = frozenset({"page", "page_size"})

    @extend_schema(operation_id="admin_library_follows_list", parameters=_PAGING, responses=FollowPageOut, tags=_TAGS)
    def get(self, request: Request) -> Response:
        """All standing orders, by title."""
        page = PageQuery.of(request.query_params)
        rows = follows_all(shows_hidden=sees_hidden(request.user))
        results = list(FollowListedOut(rows[page.offset : page.offset + page.size], many=True).data)
        body = page_envelope(request.path, request.query_params, page, count=rows.count(), results=results)
        return Response(body, headers=_PRIVATE)


def _variant(request: Request) -> tuple[str, str]:
    return request.query_params.get("variant_kind", ""), request.query_params.get("language", "")


def _row(row: AnimeGaps, cards: dict[int, dict]) -> dict[str, Any]:
    return {
        "anime_id": row.anime_id,
        "title": row.title,
        "card": cards.get(row.anime_id),
        "is_kept": row.is_kept,
        "known": row.known,
        "present": row.present,
        "missing": row.missing,
        "reasons": {str(state): count for state, count in row.reasons.items()},
        "fillable": row.fillable,
        "orders": row.orders,
        "updated_at": row.changed_at,
    }


def board_query(params: QueryDict) -> dict[str, Any]:
    """What of `board` the query string says; raises `ValidationFailed`."""
    sort = params.get("sort_by") or "missing"
    order = params.get("sort_order") or ("asc" if sort == "name" else "desc")
    only = params.get("only_missing") or "false"
    fields: dict[str, list] = {}
    if sort not in SORTS:
        fields["sort_by"] = [_("One of: %(names)s.") % {"names": ", ".join(SORTS)}]
    if order not in ("asc", "desc"):
        fields["sort_order"] = [_("One of: %(names)s.") % {"names": "asc, desc"}]
    if only not in ("true", "false"):
        fields["only_missing"] = [_("One of: %(names)s.") % {"names": "true, false"}]
    if fields:
        raise ValidationFailed(fields)
    return {
        "search": params.get("search", "").strip()[:200],
        "sort": sort,
        "order": order,
        "only_missing": only == "true",
    }
