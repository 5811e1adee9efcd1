"""One anime as providers have it, by a provider's slug or by MAL's id."""

import time
from abc import abstractmethod
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from core.api.documents import Ask, Document, DocumentView, respond
from core.api.pagination import whole_number
from core.api.renderers import json_bytes
from core.api.scopes import Scope
from core.errors import NotFound
from core.throttles import Limit, throttle_check, throttle_key
from providers.api.serializers.anime import ProviderAnimeOut
from providers.errors import TitleGone
from providers.selectors.anime import Known, known_by_mal, known_by_title, provider_get
from providers.selectors.anime_documents import known_document
from providers.services.enrichment import MAX_MAL_ID, MAX_WAIT_SECONDS, Subject
from providers.services.lookups import Found, look_up, title_subject
from providers.services.titles import slug_is_formed

MOST_SECONDS = int(MAX_WAIT_SECONDS)
PER_CALLER = Limit("providers.ask", 60, 3600)
PER_ADDRESS = Limit("providers.ask.address", 120, 3600, per="address")
OF_ALL = Limit("providers.ask.all", 600, 3600)
"""Questions that may lead to requests to providers; reading what is known counts nowhere."""
_ANSWERS = {"410": "Taken down", "403": "An adult title"}
_KNOWN = {
    200: ProviderAnimeOut,
    202: OpenApiResponse(ProviderAnimeOut, description="Nothing is known yet, providers are being asked"),
}
WAIT = OpenApiParameter(
    "wait",
    {"type": "integer", "minimum": 0, "maximum": MOST_SECONDS},
    description="Seconds; for those signed in. Where too many wait already the answer comes at once, with `X-Wait: refused`.",
)


class KnownView(DocumentView):
    """Strangers read what is known. Who is signed in, or has a key, makes providers be asked where that is old or missing."""

    scopes = Scope.CATALOG_READ
    query = frozenset({"wait"})
    also_answers = _ANSWERS

    @abstractmethod
    def known(self, user: Any, **kwargs: Any) -> Known:
        """What is stored."""

    @abstractmethod
    def check(self, **kwargs: Any) -> None:
        """Raises the 404 of what nothing can be, before that counts as a question."""

    @abstractmethod
    def subject(self, **kwargs: Any) -> Subject:
        """What to ask providers for."""

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return super().get(request, **kwargs)
        found = look_up(
            actor=request.user,
            read=lambda: self.known(request.user, **kwargs),
            subject=lambda: self.subject(**kwargs),
            count=lambda: self.count(request, **kwargs),
            seconds=whole_number(request.query_params, "wait", 0, lowest=0, highest=MOST_SECONDS),
        )
        return _response(request, found)

    def count(self, request: Request, **kwargs: Any) -> None:
        """One question that may lead to requests elsewhere; raises `RateLimited`, and as `check`."""
        self.check(**kwargs)
        for limit in (PER_CALLER, PER_ADDRESS):
            throttle_check(limit, throttle_key(limit, request))
        throttle_check(OF_ALL, "all")

    def document(self, ask: Ask, **kwargs: Any) -> Document:
        whole_number(ask.params, "wait", 0, lowest=0, highest=MOST_SECONDS)
        known = self.known(ask.user, **kwargs)
        return _document(Found(known, is_cached=True, is_enriching=known.is_enriching))


class ProviderAnime(KnownView):
    @extend_schema(parameters=[WAIT], responses=_KNOWN)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """A provider's title: the anime it is, its metadata, the episode list of each provider.

        404 `provider_unknown`, `provider_title_gone`; 409 `provider_disabled`. Lists older than 20 minutes are read anew in
        the background.
        """
        return super().get(*args, **kwargs)

    def known(self, user: Any, **kwargs: Any) -> Known:
        return known_by_title(user, kwargs["name"], kwargs["slug"])

    def check(self, **kwargs: Any) -> None:
        if not slug_is_formed(kwargs["slug"]):
            raise TitleGone()

    def subject(self, **kwargs: Any) -> Subject:
        return title_subject(provider=provider_get(kwargs["name"]), slug=kwargs["slug"])


class ProviderAnimeByMal(KnownView):
    @extend_schema(parameters=[WAIT], responses=_KNOWN)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """The same by MAL's id. 404 `not_found` when there is no such anime."""
        return super().get(*args, **kwargs)

    def known(self, user: Any, **kwargs: Any) -> Known:
        return known_by_mal(user, kwargs["mal_id"])

    def check(self, **kwargs: Any) -> None:
        if not 0 < kwargs["mal_id"] <= MAX_MAL_ID:
            raise NotFound()

    def subject(self, **kwargs: Any) -> Subject:
        return int(kwargs["mal_id"])


def _response(request: Request, found: Found) -> HttpResponse:
    """200 or 304, 202 while there is nothing to tell."""
    response = respond(request._request, _document(found), is_anonymous=False)
    if found.is_pending and response.status_code == 200:
        response.status_code = 202
    if found.is_wait_refused:
        response["X-Wait"] = "refused"
    return response


def _document(found: Found) -> Document:
    data = known_document(found.known) if found.known and not found.known.is_empty else None
    body = {"cached": found.is_cached, "enriching": found.is_enriching, "data": data}
    return Document(json_bytes(body), modified=time.time(), is_shared=False)
