"""On air now: what the home pages of all providers list, each anime once."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.facade import sees_adult, sees_hidden
from providers.pages.home_cards import home_cards
from providers.selectors.home import Home, home_of


@dataclass(frozen=True, slots=True)
class Choice:
    """A provider to filter by; `name` is "" for all of them."""

    name: str
    label: str
    href: str
    count: int


@require_safe
def on_air(request: HttpRequest) -> HttpResponse:
    """`?provider=<name>` shows one provider's list; an unknown name shows all."""
    home = home_of(adult=sees_adult(request.user), shows_hidden=sees_hidden(request.user))
    labels = {one.name: one.label for one in home.providers}
    chosen = request.GET.get("provider", "")
    chosen = chosen if chosen in labels else ""
    shown = [title for title in home.titles if not chosen or chosen in title.sources]
    context = {
        "cards": home_cards(request, shown, labels),
        "choices": _choices(home),
        "chosen": chosen,
        "read_at": max((one.home_at for one in home.providers if one.home_at), default=None),
        "has_providers": bool(labels),
    }
    return render(request, "providers/on_air.html", context)


def _choices(home: Home) -> list[Choice]:
    """All of them first; providers with nothing on their list are left out."""
    here = reverse("on-air")
    counts = {one.name: sum(one.name in title.sources for title in home.titles) for one in home.providers}
    each = [
        Choice(one.name, one.label, f"{here}?provider={one.name}", counts[one.name])
        for one in home.providers
        if counts[one.name]
    ]
    return [Choice("", "", here, len(home.titles)), *each] if len(each) > 1 else []
