"""The base view: policy lives here so that an endpoint is ten lines."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from core.api import scopes
from core.api.permissions import DeniedUnlessDeclared
from core.errors import UnknownFilter
from core.throttles import Allowance, Limit, Reserved, throttle_check, throttle_key


class View(APIView):
    """`access` names the permission class per method ("GET": Public) or one for all; `limits` the throttles per method,
    `done_limits` those that count only what was not refused (the attempts want one of `limits`, which is wider).

    `query` names the allowed query parameters of GET (None: not checked); another one is 400 `unknown_filter` (threat 38).
    `scopes` names the scope that an API key needs, per method or one for all; where none is named keys are refused with 403
    `interactive_session_required`, on public routes too (threat 30).
    """

    access: ClassVar[type[BasePermission] | Mapping[str, type[BasePermission]] | None] = None
    limits: ClassVar[Mapping[str, tuple[Limit, ...]]] = {}
    done_limits: ClassVar[Mapping[str, tuple[Limit, ...]]] = {}
    query: ClassVar[frozenset[str] | None] = None
    scopes: ClassVar[Mapping[str, str] | str | None] = None

    def get_permissions(self) -> Sequence[BasePermission]:
        if isinstance(self.access, Mapping):
            method = (self.request.method or "GET") if getattr(self, "request", None) else "GET"
            found = self.access.get("GET" if method == "HEAD" else method)
            return [found()] if found else [DeniedUnlessDeclared()]
        return [self.access()] if self.access else [DeniedUnlessDeclared()]

    @classmethod
    def scope_of(cls, method: str) -> str | None:
        """The scope that a key needs for this method; None: no key will do."""
        if isinstance(cls.scopes, Mapping):
            return cls.scopes.get("GET" if method == "HEAD" else method)
        return cls.scopes

    def check_permissions(self, request: Request) -> None:
        if scopes.HEADER in request.META:
            scopes.scope_check(request.auth, self.scope_of(request.method or ""))
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        method = request.method or ""
        self._attempts: list[Allowance] = []
        self._reserved: list[Reserved] = []
        for limit in self.limits.get(method, ()):
            self._attempts.append(throttle_check(limit, throttle_key(limit, request)))
        for limit in self.done_limits.get(method, ()):
            self._reserved.append(Reserved(limit, throttle_key(limit, request)))
        self._limits_tell()

    def _limits_tell(self) -> None:
        """The headers of the limit of which the least is left."""
        found = [*(one.allowance for one in self._reserved), *self._attempts]
        if found:
            self.headers.update(min(found, key=lambda one: one.remaining).headers())

    def handle_exception(self, exc: Exception) -> Response:
        if reserved := getattr(self, "_reserved", []):
            for one in reserved:
                one.give_back()
            self._limits_tell()
        return super().handle_exception(exc)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.query is not None and request.method in ("GET", "HEAD"):
            unknown = sorted(set(request.query_params) - self.query)
            if unknown:
                raise UnknownFilter(", ".join(unknown))

    def parse(self, serializer: type[BaseSerializer], **kwargs: Any) -> dict[str, Any]:
        """The validated body; 422 `validation_failed` with `fields` when it is not right."""
        bound = serializer(data=self.request.data, **kwargs)
        bound.is_valid(raise_exception=True)
        return bound.validated_data


def not_modified(request: HttpRequest | Request, *, etag: str, last_modified: int | None = None) -> HttpResponse | None:
    """304 when the client's copy is current (`If-None-Match`, `If-Modified-Since`), else None. `last_modified`: epoch seconds."""
    plain = getattr(request, "_request", request)
    response = get_conditional_response(plain, etag=etag, last_modified=last_modified)
    return (
        response
        if isinstance(response, HttpResponseNotModified) or (response and response.status_code == 412)
        else None
    )


__all__ = ["Response", "View", "not_modified"]
