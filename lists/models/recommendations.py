"""What people who liked one anime liked too, worked out at night."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AnimeNeighbour(models.Model):
    """`neighbour` is liked by those who liked `anime`: `similarity` 0–1 over the ratings of this site. Kept: the best few."""

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="rated_neighbours")
    neighbour = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="+")
    similarity = models.FloatField(_("similarity (0–1)"))

    class Meta:
        verbose_name = _("rated neighbour")
        verbose_name_plural = _("rated neighbours")
        constraints = [models.UniqueConstraint(fields=["anime", "neighbour"], name="rated_neighbour_once")]
        indexes = [models.Index(fields=["anime", "-similarity"], name="rated_neighbour_best")]

    def __str__(self) -> str:
        return f"{self.anime_id} → {self.neighbour_id}: {self.similarity:.3f}"
