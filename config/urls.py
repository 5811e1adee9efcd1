"""Every address of the site, the API and the admin."""

from django.contrib import admin
from django.urls import include, path, re_path

from core.api.errors import route_not_found

urlpatterns = [
    path("", include("core.urls")),
    path("api/v1/", include("core.api.urls")),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("catalog.api.urls")),
    path("api/v1/", include("lists.api.urls")),
    path("api/v1/", include("downloads.api.urls")),
    path("api/v1/", include("providers.api.urls")),
    path("api/v1/", include("social.api.urls")),
    path("api/uploads/", include("lists.api.upload_urls")),
    re_path(r"^api/", route_not_found),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.pages.allauth_urls")),
    path("", include("accounts.pages.urls")),
    path("", include("catalog.pages.urls")),
    path("", include("catalog.pages.player_urls")),
    path("", include("downloads.pages.urls")),
    path("", include("lists.pages.urls")),
    path("", include("providers.pages.urls")),
    path("", include("social.pages.urls")),
]

handler404 = "core.pages.errors.not_found"
handler500 = "core.pages.errors.server_error"
handler403 = "core.pages.errors.forbidden"
handler400 = "core.pages.errors.bad_request"
