"""What a person may write of an anime: text that is seen and reads as it stands, addresses of hosts that all can reach."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.facade import line_clean, paragraphs_clean
from catalog.models import Anime
from core.egress import EgressRefused
from core.egress.addresses import address_is_public
from core.egress.urls import url_read
from core.errors import ValidationFailed

_OWN_NETWORKS = (".localhost", ".local", ".internal", ".home.arpa", ".lan")


def values_clean(anime: Anime, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are stored. What the anime says already is left alone: an import may have brought it, and it must
    not keep staff from writing another field. Raises `ValidationFailed` by field.
    """
    cleaned: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for name, value in fields.items():
        clean = _CLEANERS.get(name)
        cleaned[name] = value
        if clean is None or not isinstance(value, str):
            continue
        stored = getattr(anime, name)
        try:
            cleaned[name] = stored if _as_form(value) == _as_form(stored) else clean(value)
        except ValidationError as error:
            wrong[name] = error.messages
    if wrong:
        raise ValidationFailed(wrong)
    return cleaned


def _as_form(text: str) -> str:
    """As it comes back from a browser's form, whose lines end in CR LF."""
    return text.replace("\r\n", "\n").strip()


def name_clean(field: str, text: str, known: Collection[str] = ()) -> str:
    """One line as it is stored; what is in `known` is left alone. Raises `ValidationFailed` for `field`."""
    try:
        return text if text in known else line_clean(text)
    except ValidationError as error:
        raise ValidationFailed({field: error.messages}) from error


def _web_address_clean(text: str) -> str:
    """An http(s) address whose host looks public; browsers of visitors and this server will ask it."""
    text = text.strip()
    if not text:
        return text
    try:
        target = url_read(text)
    except EgressRefused as error:
        raise ValidationError(str(error.detail or error.title)) from error
    is_public = address_is_public(target.host) if target.is_literal else _name_is_public(target.host)
    if not is_public:
        raise ValidationError(_("This address is in a private network."))
    return text


def _name_is_public(host: str) -> bool:
    return "." in host and not host.endswith(_OWN_NETWORKS)


_CLEANERS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("title", "title_english", "title_native"), line_clean),
    **dict.fromkeys(("synopsis", "background"), paragraphs_clean),
    **dict.fromkeys(("poster_url", "banner_url", "trailer_url"), _web_address_clean),
}
