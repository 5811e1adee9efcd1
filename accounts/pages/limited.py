"""The API's limits on pages: one count for both, and a sentence in the form instead of an error page."""

from collections.abc import Callable

from django.http import HttpRequest

from accounts.pages.credential_forms import CredentialForm
from core.errors import DomainError, RateLimited, ServiceUnavailable
from core.throttles import Limit, throttle_check, throttle_key


def form_done(request: HttpRequest, form: CredentialForm, limit: Limit, act: Callable[[dict[str, str]], object]) -> int:
    """Count a use, check the form and `act` on its data. Returns 200 when that went well, else the status to render the form
    with: 422, 429 beyond the limit or in a lock-out, 503 when too many wait. The form holds the words."""
    try:
        throttle_check(limit, throttle_key(limit, request))
        if not form.is_valid():
            return 422
        act(form.cleaned_data)
    except DomainError as error:
        form.is_valid()
        form.refuse(error)
        return error.status if isinstance(error, RateLimited | ServiceUnavailable) else 422
    return 200
