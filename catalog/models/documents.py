"""The ready-made JSON of an anime, written whenever something of it changes and read as bytes."""

from django.db import models


class AnimeDocument(models.Model):
    """`card` (one item of a list) and `detail` (GET /anime/:id) as UTF-8 JSON text, exactly as they go over the wire.

    `etag` is a hash of `detail`. `version` is the shape's version: a document of an older version is rebuilt on the next `up`.
    """

    anime = models.OneToOneField("catalog.Anime", on_delete=models.CASCADE, primary_key=True, related_name="document")
    card = models.TextField()
    detail = models.TextField()
    etag = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = "document of an anime"
        verbose_name_plural = "documents of anime"

    def __str__(self) -> str:
        return str(self.anime_id)
