"""The people's part of the admin's first page."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.admin.dashboard import Figure, Plot, dashboard_part, per_day


@dashboard_part
def people_part(request: HttpRequest) -> Iterable[Figure | Plot]:
    """How many there are, who is shut out, who came lately."""
    if not request.user.has_perm("accounts.view_user"):
        return []
    href = reverse("admin:accounts_user_changelist")
    labels, values = per_day(User.objects.all(), "date_joined")
    return [
        Figure(_("Accounts"), User.objects.count(), href=href),
        Figure(_("Suspended"), User.objects.filter(is_active=False).count(), href=f"{href}?is_active__exact=0"),
        Plot(_("New accounts"), labels, values, note=_("per day, two weeks")),
    ]
