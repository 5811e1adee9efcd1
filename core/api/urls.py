"""The API's own addresses: its schema, its documentation."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core.api.permissions import Public
from core.pages.error_codes import error_codes

urlpatterns = [
    path("schema", SpectacularAPIView.as_view(permission_classes=[Public]), name="schema"),
    path("docs/errors", error_codes, name="error-codes"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="schema", permission_classes=[Public]), name="docs"),
]
