"""Pieces of pages about a person: the buttons of a profile or of a line of people, the menu beside a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.facade import Seen
from core.site.own_addresses import own_address
from social.selectors.friends import Relation
from social.selectors.relations import Standing, are_hidden, standing, standings

PIECES = {
    "profile": "social/partials/person_buttons.html",
    "line": "social/partials/person_buttons.html",
    "menu": "social/partials/person_menu_items.html",
}
"""Where the buttons stand, and what draws them."""


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a piece is about, where no `User` is at hand."""

    pk: UUID
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in a list, with how the viewer stands to them. `since` None: found by a search."""

    seen: Seen
    standing: Standing
    since: datetime | None
    is_self: bool
    report_url: str


def report_url(person_id: UUID) -> str:
    """Where a person is reported."""
    return f"{reverse('report-new')}?target=user&id={person_id}"


def lines_of(request: HttpRequest, rows: Sequence[Relation]) -> list[PersonLine]:
    """People of a list with their buttons; three queries however many they are."""
    viewer = request.user
    found = standings(viewer, [row.seen.user.pk for row in rows])
    return [
        PersonLine(
            row.seen,
            found[row.seen.user.pk],
            row.since,
            is_self=row.seen.is_self,
            report_url=report_url(row.seen.user.pk),
        )
        for row in rows
    ]


def piece_html(request: HttpRequest, person: Any, *, piece: str = "profile") -> str:
    """The buttons or the items of the menu of one person, who has `pk`, `username` and `name`; safe HTML."""
    viewer = request.user
    known = standing(viewer, person.pk) if viewer.is_authenticated else Standing()
    if viewer.is_staff and not known.is_blocked and are_hidden(viewer.pk, person.pk):
        return ""  # staff see who blocked them, and can do nothing with them that others could
    context = {
        "person": person,
        "standing": known,
        "is_self": viewer.is_authenticated and viewer.pk == person.pk,
        "report_url": report_url(person.pk),
        "piece": piece,
        "here": own_address(request, request.POST.get("next", "")) or request.get_full_path(),
    }
    return render_to_string(PIECES[piece], context, request=request)


__all__ = ["PIECES", "Named", "PersonLine", "lines_of", "piece_html", "report_url"]
