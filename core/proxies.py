"""Which address a request really came from."""

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the peer."""
    return request.META.get("REMOTE_ADDR", "") or "0.0.0.0"  # noqa: S104
