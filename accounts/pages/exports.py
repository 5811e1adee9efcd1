"""The settings page on which people get a copy of their data."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import limits
from accounts.errors import ExportExists, ExportExpired, ExportNotReady
from accounts.models import User
from accounts.selectors.exports import export_get, exports_of
from accounts.services.exports import export_file_name, export_open, export_request, export_state
from core.errors import RateLimited
from core.personal_data import export_parts
from core.throttles import throttle_check, throttle_key

_TEMPLATE = "accounts/settings/export.html"


def _state(user: User) -> dict[str, Any]:
    """`making`: the one under way; `ready`: the newest that can be downloaded; `failed`: the newest try came to nothing."""
    found = [(export, export_state(export)) for export in exports_of(user)]
    labels = {part.name: part.label for part in export_parts()}
    making = next((export for export, state in found if state in ("queued", "running")), None)
    return {
        "making": making,
        "stage": labels.get(making.job.stage, "") if making and making.job else "",
        "ready": next((export for export, state in found if state == "ready"), None),
        "has_failed": bool(found) and found[0][1] == "failed",
    }


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def export_page(request: HttpRequest) -> HttpResponse:
    """What is in a copy, how far the one under way is, the button for a new one."""
    user = cast(User, request.user)
    if request.method == "POST":
        try:
            throttle_check(limits.EXPORT_REQUEST, throttle_key(limits.EXPORT_REQUEST, request))
            export_request(user=user)
        except (ExportExists, RateLimited) as error:
            messages.error(request, str(error.title))
        return redirect("settings_export")
    return render(request, _TEMPLATE, {**_state(user), "parts": export_parts()})


@require_GET
@never_cache
@login_required
def export_status(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes; htmx asks for it every two seconds while one is being made."""
    return render(request, "accounts/settings/partials/export_status.html", _state(cast(User, request.user)))


@require_GET
@never_cache
@login_required
def export_download(request: HttpRequest, export_id: uuid.UUID) -> HttpResponseBase:
    """The ZIP; counted together with downloads over the API."""
    user = cast(User, request.user)
    try:
        throttle_check(limits.EXPORT_DOWNLOAD, throttle_key(limits.EXPORT_DOWNLOAD, request))
        file = export_open(export=export_get(user=user, export_id=export_id))
    except (RateLimited, ExportExpired, ExportNotReady) as error:
        messages.error(request, str(error.title))
        return redirect("settings_export")
    name = export_file_name(user_id=user.pk, extension="zip")
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
