"""Domain errors: one class a reason, each with a stable code that clients switch on (docs/errors.md lists them)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """Something the domain refuses. Subclasses set `code`, `status` and `title`; instances may add a `detail`.

    `extra` joins the problem document as top-level members (for example `moderation_reason`),
    `headers` join the response (for example `Retry-After`, seconds).
    """

    code: ClassVar[str] = "domain_error"
    status: ClassVar[int] = 400
    title: ClassVar[Text] = _("The request was refused")

    def __init__(
        self,
        detail: Text = "",
        *,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.detail = detail
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})
        super().__init__(str(detail) or str(self.title))


class MalformedRequest(DomainError):
    code = "malformed_request"
    title = _("The request could not be read")


class UnknownFilter(DomainError):
    code = "unknown_filter"
    title = _("This filter does not exist")


class NotAuthenticated(DomainError):
    code = "not_authenticated"
    status = 401
    title = _("Sign in first")


class PermissionDenied(DomainError):
    code = "permission_denied"
    status = 403
    title = _("You may not do this")


class NotFound(DomainError):
    code = "not_found"
    status = 404
    title = _("Not found")


class RouteNotFound(DomainError):
    code = "route_not_found"
    status = 404
    title = _("No such address")


class MethodNotAllowed(DomainError):
    code = "method_not_allowed"
    status = 405
    title = _("This method is not allowed here")


class NotAcceptable(DomainError):
    code = "not_acceptable"
    status = 406
    title = _("This format is not offered")


class Conflict(DomainError):
    code = "conflict"
    status = 409
    title = _("This conflicts with what is there")


class PreconditionFailed(DomainError):
    code = "precondition_failed"
    status = 412
    title = _("It has changed in the meantime")


class PayloadTooLarge(DomainError):
    code = "payload_too_large"
    status = 413
    title = _("Too much data")


class UnsupportedMediaType(DomainError):
    code = "unsupported_media_type"
    status = 415
    title = _("This kind of content is not accepted")


class RateLimited(DomainError):
    """`headers` carry `Retry-After` in seconds."""

    code = "rate_limited"
    status = 429
    title = _("Too many requests")


class ServiceUnavailable(DomainError):
    code = "service_unavailable"
    status = 503
    title = _("Not available right now")


class ValidationFailed(DomainError):
    """`fields` maps a field's name to its messages; `non_field_errors` holds those of the whole."""

    code = "validation_failed"
    status = 422
    title = _("Some fields are not right")

    def __init__(self, fields: Mapping[str, Sequence[Text]], detail: Text = "") -> None:
        super().__init__(
            detail, extra={"fields": {name: [str(m) for m in messages] for name, messages in fields.items()}}
        )


class ServerError(DomainError):
    code = "server_error"
    status = 500
    title = _("Something went wrong on our side")


def error_catalogue() -> dict[str, type[DomainError]]:
    """Every code with its class, from all imported subclasses; raises AssertionError when two classes share a code."""
    found: dict[str, type[DomainError]] = {}
    pending = [DomainError]
    while pending:
        cls = pending.pop()
        pending.extend(cls.__subclasses__())
        if cls.__dict__.get("code"):
            other = found.setdefault(cls.code, cls)
            if other is not cls:
                raise AssertionError(f"two errors share the code {cls.code}: {other.__name__}, {cls.__name__}")
    return found
