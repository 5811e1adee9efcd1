"""The episode list of a title as its provider numbers it, and what people said of those numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.people import SetByPerson


class ProviderEpisode(models.Model):
    """One line of a provider's episode list. `first` and `last` are its own numbers, NULL where it gives none (films).

    `season` as the provider counts (0: films and extras). `variants` are [kind, language] pairs, empty: the provider's.
    `mirrors` are the ways to play that were found, whether or not the operator allows their hosts.

    `places` are [anime id, kind, number] of our episodes that it is, by `rule` (a `numbering.rules.Rule`: also why it is
    none); `sources` the ways to play that the catalogue got from it. `gone_at`: the list has it no more since then.
    """

    title = models.ForeignKey(
        "providers.ProviderTitle", on_delete=models.CASCADE, related_name="episodes", verbose_name=_("provider's title")
    )
    url = models.CharField(_("address"), max_length=1000)
    label = models.CharField(_("label"), max_length=300)
    first = models.PositiveIntegerField(_("first number"), null=True, blank=True)
    last = models.PositiveIntegerField(_("last number"), null=True, blank=True)
    season = models.PositiveSmallIntegerField(_("season"), null=True, blank=True)
    is_batch = models.BooleanField(_("batch"), default=False)
    released_on = models.DateField(_("released"), null=True, blank=True)
    variants = models.JSONField(_("variants"), default=list, blank=True)
    mirrors = models.JSONField(_("mirrors"), default=list, blank=True)
    mirrors_at = models.DateTimeField(_("mirrors read"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    places = models.JSONField(_("places"), default=list, blank=True)
    rule = models.CharField(_("placed by"), max_length=12, blank=True)
    sources = models.ManyToManyField("catalog.EpisodeSource", blank=True, related_name="+", verbose_name=_("sources"))
    seen_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True)

    class Meta:
        verbose_name = _("episode at a provider")
        verbose_name_plural = _("episodes at providers")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["title", "url"], name="provider_episode_once")]

    def __str__(self) -> str:
        return self.label


class NumberingOverride(SetByPerson):
    """A person's word on a provider's numbers: its episodes `first`–`last` (of its `season`, NULL: any) are the episodes of
    `anime` from `target_first` on, of `target_kind`. Without an `anime` they are left out. Rescans never touch it.
    """

    title = models.ForeignKey(
        "providers.ProviderTitle",
        on_delete=models.CASCADE,
        related_name="overrides",
        verbose_name=_("provider's title"),
    )
    season = models.PositiveSmallIntegerField(_("season"), null=True, blank=True)
    first = models.PositiveIntegerField(_("from number"))
    last = models.PositiveIntegerField(_("to number"), null=True, blank=True, help_text=_("Empty: all after it"))
    anime = models.ForeignKey(
        "catalog.Anime", on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("anime")
    )
    target_kind = models.CharField(_("kind"), max_length=8, default="regular")
    target_first = models.PositiveIntegerField(_("are from episode"), default=1)

    class Meta:
        verbose_name = _("numbering override")
        verbose_name_plural = _("numbering overrides")
        ordering = ["title", "season", "first"]
        constraints = [
            models.UniqueConstraint(fields=["title", "season", "first"], name="numbering_override_once"),
            models.UniqueConstraint(
                fields=["title", "first"], condition=models.Q(season=None), name="numbering_override_any_once"
            ),
            models.CheckConstraint(
                condition=models.Q(last__isnull=True) | models.Q(last__gte=models.F("first")),
                name="numbering_override_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_id}: {self.first}–{self.last or ''}"
