"""What can go wrong on the way out, each with a stable code."""

import math

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Text


class EgressError(DomainError):
    """Any failure of an outgoing request. `upstream_status` is the other side's HTTP status where there was one."""

    code = "egress_failed"
    status = 502
    title = _("The other site could not be asked")

    def __init__(
        self, detail: Text = "", *, upstream_status: int | None = None, retry_after: float | None = None
    ) -> None:
        """`retry_after` is in seconds: when it makes sense to try again (also sent as `Retry-After`)."""
        self.upstream_status = upstream_status
        self.retry_after = retry_after
        super().__init__(
            detail, headers={} if retry_after is None else {"Retry-After": str(max(1, math.ceil(retry_after)))}
        )


class EgressRefused(EgressError):
    """Our own rules forbid the request: address, host, port, scheme, header or redirect. Nothing was sent there."""

    code = "egress_refused"
    status = 400
    title = _("This address may not be fetched")


class EgressRobots(EgressError):
    """The site's robots.txt asks programs to stay out."""

    code = "egress_robots_disallowed"
    status = 403
    title = _("The site does not allow programs to read this address")


class EgressRobotsUnknown(EgressRobots):
    """The site's robots.txt cannot be had, so the site is left alone; `retry_after` says how long."""

    code = "egress_robots_unknown"
    status = 503
    title = _("The other site does not tell whether it may be read; try again later")


class EgressTimeout(EgressError):
    """Name look-up, connection, a pause between bytes, or the whole request took too long."""

    code = "egress_timeout"
    status = 504
    title = _("The other site took too long")


class EgressTooLarge(EgressError):
    """Headers or body passed the policy's cap (counted after decompression too)."""

    code = "egress_too_large"
    status = 502
    title = _("The other site sent too much")


class EgressBadAnswer(EgressError):
    """What came back is not HTTP that we can read (garbage, cut short, an unknown encoding)."""

    code = "egress_bad_answer"
    status = 502
    title = _("The other site's answer makes no sense")


class EgressUnavailable(EgressError):
    """No connection, a failed certificate check, a 5xx answer, or the circuit breaker is open."""

    code = "egress_unavailable"
    status = 503
    title = _("The other site is not available")


class EgressPaced(EgressError):
    """Our rate limit for the host, or its own 429/`Retry-After`, says to wait; `retry_after` says how long."""

    code = "egress_rate_limited"
    status = 503
    title = _("Too many requests to the other site; try again later")


PASSING = (EgressPaced, EgressRobotsUnknown, EgressTimeout, EgressUnavailable)
"""What is no fault of the thing that was asked for: it may well be had later."""
