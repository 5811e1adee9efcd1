"""Who sees something of a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    """The three circles; staff who moderate and the person themselves always see."""

    EVERYONE = "everyone", _("Everyone")
    FRIENDS = "friends", _("Friends")
    NOBODY = "nobody", _("Nobody")
