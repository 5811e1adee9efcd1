"""How somebody keeps their list."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.facade import Visibility

WATCHED_PERCENT_LEAST, WATCHED_PERCENT_MOST = 50, 100


class ScoreFormat(models.TextChoices):
    """How scores are shown and typed; stored they are 0–100 always (`lists.scores`)."""

    POINT_10 = "point_10", _("10 points (7)")
    POINT_10_DECIMAL = "point_10_decimal", _("10 points with decimals (7.5)")
    POINT_100 = "point_100", _("100 points (75)")
    POINT_5 = "point_5", _("5 stars")
    POINT_3 = "point_3", _("3 smileys")


class ListPreferences(models.Model):
    """One row for whoever changed something; without a row the defaults count (`selectors.preferences.preferences_of`)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="list_preferences"
    )
    score_format = models.CharField(
        _("scores"), max_length=16, choices=ScoreFormat.choices, default=ScoreFormat.POINT_10_DECIMAL
    )
    watched_percent = models.PositiveSmallIntegerField(
        _("counts as watched from (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(WATCHED_PERCENT_LEAST), MaxValueValidator(WATCHED_PERCENT_MOST)],
        help_text=_("Empty: what the operator set (80 unless changed)."),
    )
    tracks_watching = models.BooleanField(_("watching changes the list by itself"), default=True)
    list_visibility = models.CharField(_("list"), max_length=8, choices=Visibility.choices, default=Visibility.EVERYONE)
    calendar_revision = models.UUIDField(default=uuid.uuid4, editable=False)
    """Part of what the calendar's secret address is signed over: a new one makes the old address worthless."""

    class Meta:
        verbose_name = _("list preferences")
        verbose_name_plural = _("list preferences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(watched_percent__isnull=True)
                | models.Q(watched_percent__gte=WATCHED_PERCENT_LEAST, watched_percent__lte=WATCHED_PERCENT_MOST),
                name="watched_percent_range",
            )
        ]

    def __str__(self) -> str:
        return str(self.user_id)
