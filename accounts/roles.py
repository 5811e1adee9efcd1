"""The roles of people, in rising order."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do, in rising order; `rank` compares them."""

    USER = "user", _("User")
    TESTER = "tester", _("Tester")
    MODERATOR = "moderator", _("Moderator")
    ADMIN = "admin", _("Admin")
    SUPERADMIN = "superadmin", _("Superadmin")

    @property
    def rank(self) -> int:
        """0 for a user up to 4 for a superadmin."""
        return list(Role).index(self)
