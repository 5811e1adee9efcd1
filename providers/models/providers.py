"""A provider: one row of settings for an adapter or a metadata client."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class ProviderRole(models.TextChoices):
    TITLES = "titles", _("Titles and episodes")
    METADATA = "metadata", _("Metadata")


class Provider(models.Model):
    """Settings of one provider, switched off at first. `name` is in addresses and never changes; `adapter` names the module
    that reads it (several rows may use `feed`). `base_url` is where it lives now: a moved domain is an edit here.

    `interval_seconds` is the pause between two requests to it, `timeout_seconds` the longest a request takes.
    """

    name = models.SlugField(_("name"), max_length=40, unique=True)
    adapter = models.CharField(_("adapter"), max_length=40)
    role = models.CharField(_("role"), max_length=8, choices=ProviderRole.choices, default=ProviderRole.TITLES)
    label = models.CharField(_("label"), max_length=80)
    base_url = models.URLField(_("base address"), max_length=300, blank=True)
    is_enabled = models.BooleanField(_("enabled"), default=False)
    interval_seconds = models.FloatField(
        _("seconds between requests"), default=1.0, validators=[MinValueValidator(0.1), MaxValueValidator(3600)]
    )
    timeout_seconds = models.FloatField(
        _("time limit of a request (s)"), default=20.0, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    refresh_minutes = models.PositiveIntegerField(
        _("minutes between looks at its home page"), default=30, validators=[MinValueValidator(5)]
    )
    variant_kind = models.CharField(_("episodes are (sub, dub, raw)"), max_length=3, blank=True)
    variant_language = models.CharField(_("in the language"), max_length=12, blank=True, help_text="BCP 47")
    options = models.JSONField(_("options"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("The lowest is preferred"))
    home_at = models.DateTimeField(_("home page read"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["role", "position", "name"]

    def __str__(self) -> str:
        return self.label
