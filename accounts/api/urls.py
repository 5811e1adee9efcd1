"""The flat table of accounts API routes."""

from django.urls import path

from accounts.api import openapi  # noqa: F401  (registers how our authentication is described)
from accounts.api.views import sign_in

urlpatterns = [
    path("auth/register", sign_in.Register.as_view(), name="auth-register"),
    path("auth/login", sign_in.Login.as_view(), name="auth-login"),
    path("auth/refresh", sign_in.Refresh.as_view(), name="auth-refresh"),
    path("auth/logout", sign_in.Logout.as_view(), name="auth-logout"),
    path("auth/me", sign_in.Me.as_view(), name="auth-me"),
]
