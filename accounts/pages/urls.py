"""Addresses of the account pages that allauth does not have."""

from django.urls import path

from accounts.pages.settings import settings_page

urlpatterns = [path("settings", settings_page, name="settings")]
