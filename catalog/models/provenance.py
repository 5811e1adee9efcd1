"""Where the value of a field came from, and whether a person has fixed it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.people import SetByPerson


class FieldProvenance(SetByPerson):
    """The source of one field of one anime ("jikan", "bangumi-data", "staff"). A locked field is never overwritten by an import.

    Imports write no row for a field that came from the anime's own first source: a missing row means "whatever imported it".
    """

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="provenance")
    field = models.CharField(_("field"), max_length=40)
    source = models.CharField(_("source"), max_length=40)
    is_locked = models.BooleanField(_("locked"), default=False)

    class Meta:
        verbose_name = _("provenance of a field")
        verbose_name_plural = _("provenance of fields")
        constraints = [models.UniqueConstraint(fields=["anime", "field"], name="provenance_once")]

    def __str__(self) -> str:
        return f"{self.field} ← {self.source}"
