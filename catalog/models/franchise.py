"""How anime belong together."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RelationKind(models.TextChoices):
    SEQUEL = "sequel", _("Sequel")
    PREQUEL = "prequel", _("Prequel")
    PARENT = "parent", _("Parent story")
    SIDE_STORY = "side_story", _("Side story")
    SUMMARY = "summary", _("Summary")
    FULL_STORY = "full_story", _("Full story")
    ALTERNATIVE_VERSION = "alternative_version", _("Alternative version")
    ALTERNATIVE_SETTING = "alternative_setting", _("Alternative setting")
    SPIN_OFF = "spin_off", _("Spin-off")
    CHARACTER = "character", _("Shared character")
    ADAPTATION = "adaptation", _("Adaptation")
    OTHER = "other", _("Other")


class Relation(models.Model):
    """`to_anime` is the `kind` of `from_anime` ("2 is the sequel of 1" is from 1 to 2)."""

    from_anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="relations")
    to_anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="incoming_relations")
    kind = models.CharField(_("kind"), max_length=20, choices=RelationKind.choices)

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.UniqueConstraint(fields=["from_anime", "to_anime", "kind"], name="relation_once"),
            models.CheckConstraint(condition=~models.Q(from_anime=models.F("to_anime")), name="relation_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.from_anime_id} → {self.to_anime_id} ({self.kind})"


class PendingRelation(models.Model):
    """A relation whose target the catalogue does not have yet; it becomes a `Relation` when that anime is imported."""

    from_anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="pending_relations")
    kind = models.CharField(_("kind"), max_length=20, choices=RelationKind.choices)
    mal_id = models.PositiveIntegerField(_("MAL id"), db_index=True)
    title = models.CharField(_("title"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("pending relation")
        verbose_name_plural = _("pending relations")
        constraints = [models.UniqueConstraint(fields=["from_anime", "kind", "mal_id"], name="pending_relation_once")]

    def __str__(self) -> str:
        return f"{self.from_anime_id} → MAL {self.mal_id}"
