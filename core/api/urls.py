"""The API's own addresses: its schema, its documentation."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from core.api.permissions import Public

urlpatterns = [
    path("schema", SpectacularAPIView.as_view(permission_classes=[Public]), name="schema"),
    path("docs", SpectacularSwaggerView.as_view(url_name="schema", permission_classes=[Public]), name="docs"),
]
