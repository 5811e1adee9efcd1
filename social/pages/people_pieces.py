"""Pieces of pages about a person: the buttons of a profile and the menu beside a name."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

from social.selectors.relations import Standing, standing


@dataclass(frozen=True, slots=True)
class Named:
    """Who a piece is about; a `User` will do as well."""

    pk: UUID
    username: str


def report_url(person_id: UUID) -> str:
    """Where a person is reported; "" while there is no such page."""
    try:
        return f"{reverse('report-new')}?target=user&id={person_id}"
    except NoReverseMatch:
        return ""


def buttons_context(request: HttpRequest, person: Any, *, refused: str = "") -> dict[str, Any]:
    """What `social/partials/person_buttons.html` shows: `person` has `pk` and `username`."""
    viewer = request.user
    return {
        "person": person,
        "standing": standing(viewer, person.pk) if viewer.is_authenticated else Standing(),
        "is_self": viewer.is_authenticated and viewer.pk == person.pk,
        "report_url": report_url(person.pk),
        "sign_in": f"{reverse('account_login')}?next={reverse('profile', args=[person.username])}",
        "refused": refused,
    }


def buttons_html(request: HttpRequest, person: Any, *, refused: str = "") -> str:
    """The buttons of a profile."""
    context = buttons_context(request, person, refused=refused)
    return render_to_string("social/partials/person_buttons.html", context, request=request)
