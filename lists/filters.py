"""The filter that lists adds to the catalogue: `?on_list=true|false`."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.facade import User
from catalog.facade import register_filter
from lists.models import ListEntry


def _on_list(user: User, value: bool) -> Q:
    entry = Exists(ListEntry.objects.filter(user=user, anime_id=OuterRef("pk")))
    return Q(entry) if value else ~Q(entry)


def register() -> None:
    """Called when the app is ready."""
    register_filter("on_list", _on_list, label=_("On my list"), negative=_("Not on my list"))
