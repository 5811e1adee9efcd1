"""The secret part of a scrobble address: signed over the endpoint and its revision, stored nowhere."""

import uuid

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from lists.models import ScrobbleEndpoint

_SALT = "lists.scrobbling.address"
_SEPARATOR = "."
LONGEST = 120


def token_of(endpoint: ScrobbleEndpoint) -> str:
    """The token of the endpoint's present revision; a new revision makes it worthless."""
    signed = _signer().sign(_signed_over(endpoint))
    return f"{endpoint.pk.hex}{_SEPARATOR}{signed.rpartition(_SEPARATOR)[2]}"


def address_of(endpoint: ScrobbleEndpoint) -> str:
    """The path to enter into the media server, after this site's own address."""
    return reverse("api-webhook", kwargs={"server": endpoint.server, "token": token_of(endpoint)})


def endpoint_by_token(server: str, token: str) -> ScrobbleEndpoint | None:
    """The endpoint of a living token, its person selected; None for every other, for the suspended and the leaving. One query."""
    key, _, signature = token.partition(_SEPARATOR)
    if not signature or len(token) > LONGEST:
        return None
    try:
        endpoint_id = uuid.UUID(hex=key)
    except ValueError:
        return None
    endpoint = ScrobbleEndpoint.objects.select_related("user").filter(pk=endpoint_id, server=server).first()
    if endpoint is None:
        return None
    try:
        _signer().unsign(f"{_signed_over(endpoint)}{_SEPARATOR}{signature}")
    except BadSignature:
        return None
    return endpoint if endpoint.user.is_public else None


def _signer() -> Signer:
    return Signer(salt=_SALT, sep=_SEPARATOR)


def _signed_over(endpoint: ScrobbleEndpoint) -> str:
    return endpoint.pk.hex + endpoint.revision.hex
