"""What can go wrong with a job."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict


class JobExists(Conflict):
    """A live job with the same kind and key is there already; `extra["job_id"]` names it."""

    code = "job_exists"
    title = _("This is already being done")


class LeaseLost(Exception):
    """Another worker holds the job now: stop at once and leave the row alone."""


class JobCancelled(Exception):
    """Somebody asked for the job to stop; raised by the context's heartbeat."""


class JobRetry(Exception):
    """The work failed for now: try again after `delay` seconds, as long as attempts are left."""

    def __init__(self, detail: str, *, code: str = "retry", delay: float = 30.0) -> None:
        super().__init__(detail)
        self.code = code
        self.delay = delay
