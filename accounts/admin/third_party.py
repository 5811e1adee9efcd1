"""What Django and allauth offer in the admin and ours does not: each would go around a proof that our services ask for."""

from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group

# Their registrations come first, whatever the order of the installed apps.
for name in ("django.contrib.auth", "allauth.account", "allauth.mfa", "allauth.socialaccount"):
    import_module(f"{name}.admin")

# Roles are the only groups; addresses, passkeys and linked accounts are proved by their person; providers are the
# environment's (config/settings/oauth.py).
for model in (Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(model)
