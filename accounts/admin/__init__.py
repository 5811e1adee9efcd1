"""The admin of accounts."""

from django.contrib import admin

from accounts.admin import api_keys, dashboard, sessions, third_party, users  # noqa: F401 — registers the models
from accounts.pages.admin_door import admin_door

admin.site.login = admin_door  # one way in for everybody: with the site's second factor and lock-out
