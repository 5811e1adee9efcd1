"""The tables that Hiroba's import filled, with the columns that a card shows."""

from django.db import models


class Genre(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80)

    class Meta:
        managed = False
        db_table = "catalog_genre"

    def __str__(self) -> str:
        return self.name


class Anime(models.Model):
    title = models.CharField(max_length=500)
    title_english = models.CharField(max_length=500)
    title_native = models.CharField(max_length=500)
    slug = models.SlugField(max_length=120)
    synopsis = models.TextField()
    background = models.TextField()
    kind = models.CharField(max_length=12)
    status = models.CharField(max_length=10)
    source = models.CharField(max_length=14)
    season = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField(null=True)
    start_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    episode_count = models.PositiveIntegerField(null=True)
    duration_seconds = models.PositiveIntegerField(null=True)
    age_rating = models.CharField(max_length=6)
    is_adult = models.BooleanField()
    score = models.FloatField(null=True)
    votes = models.PositiveIntegerField()
    popularity = models.PositiveIntegerField()
    favourites = models.PositiveIntegerField()
    visibility = models.CharField(max_length=17)
    merged_into = models.ForeignKey("self", on_delete=models.DO_NOTHING, null=True, related_name="+")
    genres = models.ManyToManyField(Genre, db_table="catalog_anime_genres")

    class Meta:
        managed = False
        db_table = "catalog_anime"

    def __str__(self) -> str:
        return self.title


class Title(models.Model):
    anime = models.ForeignKey(Anime, on_delete=models.DO_NOTHING, related_name="titles")
    text = models.CharField(max_length=500)
    language = models.CharField(max_length=12)
    kind = models.CharField(max_length=8)

    class Meta:
        managed = False
        db_table = "catalog_title"

    def __str__(self) -> str:
        return self.text
