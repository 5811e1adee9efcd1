"""The log by which search indexes and caches notice that the catalogue changed."""

from django.db import models


class CatalogChange(models.Model):
    """`anime_id` changed (or vanished). Ids only grow; a reader keeps the last id it has applied.

    A bulk change writes one row with `anime_id` NULL: "everything may have changed".
    """

    anime_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "catalogue change"
        verbose_name_plural = "catalogue changes"

    def __str__(self) -> str:
        return f"{self.id}: {self.anime_id or 'all'}"
