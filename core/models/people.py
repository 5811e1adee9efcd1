"""Who said something that machines keep to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SetByPerson(models.Model):
    """A row that a person set: `set_by` is NULL once the account is gone, the word still holds."""

    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    set_at = models.DateTimeField(_("set"), auto_now=True)

    class Meta:
        abstract = True
