"""What an anime is filed under: genres, tags, studios."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.anime import percent_validators


class Genre(models.Model):
    """A genre; `is_adult` genres (Hentai, Erotica) mark their anime as adult."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    mal_id = models.PositiveIntegerField(_("MAL id"), null=True, blank=True, unique=True)
    is_adult = models.BooleanField(_("adult"), default=False)

    class Meta:
        verbose_name = _("genre")
        verbose_name_plural = _("genres")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TagCategory(models.TextChoices):
    THEME = "theme", _("Theme")
    DEMOGRAPHIC = "demographic", _("Demographic")
    SETTING = "setting", _("Setting")
    OTHER = "other", _("Other")


class Tag(models.Model):
    """A finer label than a genre: a theme, a demographic, a setting."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    category = models.CharField(_("category"), max_length=12, choices=TagCategory.choices, default=TagCategory.OTHER)
    mal_id = models.PositiveIntegerField(_("MAL id"), null=True, blank=True)
    is_adult = models.BooleanField(_("adult"), default=False)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AnimeTag(models.Model):
    """How strongly a tag fits (0–100) and whether it gives the story away."""

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="anime_tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="anime_tags")
    rank = models.PositiveSmallIntegerField(_("fit (0–100)"), default=100, validators=percent_validators())
    is_spoiler = models.BooleanField(_("spoiler"), default=False)

    class Meta:
        verbose_name = _("tag of an anime")
        verbose_name_plural = _("tags of an anime")
        constraints = [models.UniqueConstraint(fields=["anime", "tag"], name="anime_tag_once")]

    def __str__(self) -> str:
        return str(self.tag_id)


class Studio(models.Model):
    """A company: animation studio, producer or licensor (the role is of the pair, not of the company)."""

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(_("slug"), max_length=160, unique=True, allow_unicode=True)
    mal_id = models.PositiveIntegerField(_("MAL id"), null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("studio")
        verbose_name_plural = _("studios")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StudioRole(models.TextChoices):
    STUDIO = "studio", _("Studio")
    PRODUCER = "producer", _("Producer")
    LICENSOR = "licensor", _("Licensor")


class AnimeStudio(models.Model):
    """What a company did for an anime."""

    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="anime_studios")
    studio = models.ForeignKey(Studio, on_delete=models.CASCADE, related_name="anime_studios")
    role = models.CharField(_("role"), max_length=8, choices=StudioRole.choices, default=StudioRole.STUDIO)

    class Meta:
        verbose_name = _("studio of an anime")
        verbose_name_plural = _("studios of an anime")
        constraints = [models.UniqueConstraint(fields=["anime", "studio", "role"], name="anime_studio_once")]

    def __str__(self) -> str:
        return f"{self.studio_id} ({self.role})"
