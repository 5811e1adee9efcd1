"""`/admin/anime`: staff write anime by hand, choose sources of fields, have one enriched now, compare what sources say."""

from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.request import Request

from accounts.facade import Role, User
from catalog.facade import anime_get_visible
from core.api.permissions import role_in
from core.api.views import Response, View
from core.errors import UnknownFilter, ValidationFailed
from providers.api.serializers.admin_anime import (
    AnimeIn,
    AnimePatchIn,
    AnimeWrittenOut,
    EnrichmentOut,
    FieldCandidatesOut,
    SourcesOut,
    written_of,
)
from providers.selectors.candidates import field_candidates
from providers.selectors.enrichments import enrichment_shown
from providers.services.enrichment import MAX_WAIT_SECONDS, enrichment_request, is_settled
from providers.services.snapshots import sources_chosen
from providers.services.sources import anime_edit, anime_enter, sources_set
from providers.services.waiting import enrichment_await

Admin = role_in(Role.ADMIN, Role.SUPERADMIN)
_TAGS = ["Admin"]
_CHOICES = {"type": "object", "additionalProperties": {"type": "string", "nullable": True}}
_PRIVATE = {"Cache-Control": "private, no-store"}
_WAIT = OpenApiParameter("wait", float, description="Seconds (at most 60) to wait for the end; 200 when it came.")


def _actor(request: Request) -> User:
    return cast(User, request.user)


def wait_of(request: Request) -> float:
    """Seconds that the caller wants to wait, 0–60; raises `ValidationFailed` for anything else, `UnknownFilter` for more."""
    if unknown := sorted(set(request.query_params) - {"wait"}):
        raise UnknownFilter(", ".join(unknown)[:200])
    given = request.query_params.get("wait", "0")
    seconds = float(given) if given.isascii() and given.replace(".", "", 1).isdigit() and len(given) < 9 else -1.0
    if not 0 <= seconds <= MAX_WAIT_SECONDS:
        raise ValidationFailed({"wait": [_("A number of seconds from 0 to 60.")]})
    return seconds


class AdminAnimeList(View):
    access = Admin

    @extend_schema(operation_id="admin_anime_create", request=AnimeIn, responses={201: AnimeWrittenOut}, tags=_TAGS)
    def post(self, request: Request) -> Response:
        """Make an anime by hand. Every field that is given is locked: no source overwrites it."""
        written = anime_enter(actor=_actor(request), **written_of(self.parse(AnimeIn)))
        return Response(AnimeWrittenOut(written).data, status=201, headers=_PRIVATE)


class AdminAnime(View):
    access = Admin

    @extend_schema(operation_id="admin_anime_update", request=AnimePatchIn, responses=AnimeWrittenOut, tags=_TAGS)
    def patch(self, request: Request, id: int) -> Response:
        """Set what the body names; lists overwrite. What differs is locked and follows no source any more."""
        written = anime_edit(actor=_actor(request), anime_id=id, **written_of(self.parse(AnimePatchIn)))
        return Response(AnimeWrittenOut(written).data, headers=_PRIVATE)


class AdminAnimeSources(View):
    access = Admin

    @extend_schema(
        operation_id="admin_anime_sources",
        request={"application/json": _CHOICES},
        responses=SourcesOut,
        tags=_TAGS,
    )
    def patch(self, request: Request, id: int) -> Response:
        """Say which source fields follow: `{field: source}`; null gives one back to the ranks, "staff" keeps it as it is."""
        anime = anime_get_visible(request.user, id)
        merged = sources_set(actor=_actor(request), anime_id=anime.pk, choices=choices_of(request.data))
        said = {"id": anime.pk, "sources": sources_chosen(anime.pk), "changed": merged.changed}
        return Response(SourcesOut(said).data, headers=_PRIVATE)


class AdminAnimeSync(View):
    access = Admin

    @extend_schema(
        operation_id="admin_anime_sync",
        parameters=[_WAIT],
        request=None,
        responses={200: EnrichmentOut, 202: EnrichmentOut},
        tags=_TAGS,
    )
    def post(self, request: Request, id: int) -> Response:
        """Enrich the anime from all sources now. Asking again while it runs gives the same job. Where too many wait already
        the answer comes at once, with `X-Wait: refused`.
        """
        seconds = wait_of(request)
        anime = anime_get_visible(request.user, id)
        row = enrichment_request(key_of=anime, is_forced=True)
        awaited = enrichment_await(actor=_actor(request), enrichment=row, seconds=seconds)
        status = 200 if seconds and is_settled(awaited.enrichment) else 202
        headers = {**_PRIVATE, "X-Wait": "refused"} if awaited.is_refused else _PRIVATE
        return Response(EnrichmentOut(enrichment_shown(awaited.enrichment)).data, status=status, headers=headers)


class AdminAnimeCandidates(View):
    access = Admin
    query = frozenset()

    @extend_schema(
        operation_id="admin_anime_candidates",
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
        tags=_TAGS,
    )
    def get(self, request: Request, id: int) -> Response:
        """`{field: {current, locked, source, chosen, candidates}}` for every field and list, from stored snapshots."""
        anime = anime_get_visible(request.user, id)
        found = {name: FieldCandidatesOut(row).data for name, row in field_candidates(anime.pk).items()}
        return Response(found, headers=_PRIVATE)


def choices_of(body: Any) -> dict[str, str | None]:
    """The body as {field: source or None}; raises `ValidationFailed` for another shape."""
    if not isinstance(body, dict) or len(body) > 100:
        raise ValidationFailed({"sources": [_("An object of fields and sources.")]})
    choices = {str(name): source for name, source in body.items()}
    if wrong := [name for name, source in choices.items() if source is not None and not isinstance(source, str)]:
        raise ValidationFailed({name: [_("The name of a source, or null.")] for name in wrong})
    return choices
