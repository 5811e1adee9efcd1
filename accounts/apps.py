"""The accounts app: people, sign-in, sessions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts import personal_data  # noqa: F401 — what accounts know about people
        from accounts.hooks import hooks_install
        from accounts.live.sockets import sockets_register
        from accounts.services import erasing  # noqa: F401 — registers its kind of job

        hooks_install()
        sockets_register()
