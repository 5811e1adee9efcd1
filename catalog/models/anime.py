"""An anime: one entry of the catalogue in the sense of MAL (a season, a film, a special)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.querysets.anime import AnimeQuerySet


class AnimeKind(models.TextChoices):
    TV = "tv", _("TV series")
    TV_SHORT = "tv_short", _("TV short")
    MOVIE = "movie", _("Film")
    OVA = "ova", _("OVA")
    ONA = "ona", _("ONA")
    SPECIAL = "special", _("Special")
    TV_SPECIAL = "tv_special", _("TV special")
    MUSIC = "music", _("Music video")
    PV = "pv", _("Promotional video")
    CM = "cm", _("Commercial")
    UNKNOWN = "unknown", _("Unknown")


class AnimeStatus(models.TextChoices):
    UPCOMING = "upcoming", _("Not yet aired")
    AIRING = "airing", _("Airing")
    FINISHED = "finished", _("Finished")
    HIATUS = "hiatus", _("On hiatus")
    CANCELLED = "cancelled", _("Cancelled")
    UNKNOWN = "unknown", _("Unknown")


class AnimeSource(models.TextChoices):
    """What the anime was adapted from."""

    ORIGINAL = "original", _("Original")
    MANGA = "manga", _("Manga")
    WEB_MANGA = "web_manga", _("Web manga")
    FOUR_KOMA = "four_koma", _("4-koma manga")
    LIGHT_NOVEL = "light_novel", _("Light novel")
    WEB_NOVEL = "web_novel", _("Web novel")
    NOVEL = "novel", _("Novel")
    VISUAL_NOVEL = "visual_novel", _("Visual novel")
    GAME = "game", _("Game")
    CARD_GAME = "card_game", _("Card game")
    BOOK = "book", _("Book")
    PICTURE_BOOK = "picture_book", _("Picture book")
    MUSIC = "music", _("Music")
    RADIO = "radio", _("Radio")
    MIXED_MEDIA = "mixed_media", _("Mixed media")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unknown")


class SeasonName(models.TextChoices):
    WINTER = "winter", _("Winter")
    SPRING = "spring", _("Spring")
    SUMMER = "summer", _("Summer")
    FALL = "fall", _("Autumn")


class AgeRating(models.TextChoices):
    G = "g", _("All ages")
    PG = "pg", _("Children")
    PG13 = "pg13", _("Teens 13 or older")
    R17 = "r17", _("17+ (violence, strong language)")
    R_PLUS = "r_plus", _("17+ (mild nudity)")
    RX = "rx", _("18+ (explicit)")


class Visibility(models.TextChoices):
    """`player_restricted` shows the page but not the player; `hidden` answers 410 to all but testers and admins."""

    PUBLIC = "public", _("Public")
    PLAYER_RESTRICTED = "player_restricted", _("Player restricted")
    HIDDEN = "hidden", _("Hidden")


def percent_validators() -> list:
    """Bounds of every score that this project stores: 0–100."""
    return [MinValueValidator(0), MaxValueValidator(100)]


def known_first(field: str, least: str) -> models.Func:
    """`field` with NULL as the SQL literal `least`. A literal, no parameter: an expression index matches only that."""
    return models.Func(models.F(field), template=f"COALESCE(%(expressions)s, {least})")


DESCRIBED_FIELDS = (
    "title",
    "title_english",
    "title_native",
    "slug",
    "synopsis",
    "background",
    "kind",
    "status",
    "source",
    "country",
    "season",
    "year",
    "start_date",
    "end_date",
    "episode_count",
    "duration_seconds",
    "age_rating",
    "is_adult",
)
"""What says which work an anime is: taken from sources, edited by staff, shown to everybody."""


class Anime(models.Model):
    """One anime. `title` is its romaji (main) title; all names are rows of `Title`.

    Scores are 0–100, durations seconds, counts whole numbers; NULL means "not known".
    """

    title = models.CharField(_("title (romaji)"), max_length=500)
    title_english = models.CharField(_("title (English)"), max_length=500, blank=True)
    title_native = models.CharField(_("title (native)"), max_length=500, blank=True)
    slug = models.SlugField(_("slug"), max_length=120, blank=True)
    synopsis = models.TextField(_("synopsis"), blank=True)
    background = models.TextField(_("background"), blank=True)
    kind = models.CharField(_("type"), max_length=12, choices=AnimeKind.choices, default=AnimeKind.UNKNOWN)
    status = models.CharField(_("status"), max_length=10, choices=AnimeStatus.choices, default=AnimeStatus.UNKNOWN)
    source = models.CharField(_("source"), max_length=14, choices=AnimeSource.choices, default=AnimeSource.UNKNOWN)
    country = models.CharField(_("country"), max_length=2, default="JP", help_text=_("ISO 3166-1, two letters"))
    season = models.CharField(_("season"), max_length=6, choices=SeasonName.choices, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    start_date = models.DateField(_("first aired"), null=True, blank=True)
    end_date = models.DateField(_("last aired"), null=True, blank=True)
    episode_count = models.PositiveIntegerField(_("episodes"), null=True, blank=True)
    duration_seconds = models.PositiveIntegerField(_("length of an episode (s)"), null=True, blank=True)
    age_rating = models.CharField(_("age rating"), max_length=6, choices=AgeRating.choices, blank=True)
    is_adult = models.BooleanField(_("adult"), default=False)

    score = models.FloatField(
        _("score (0–100)"),
        null=True,
        blank=True,
        validators=percent_validators(),
        help_text=_("The best known score, 0–100"),
    )
    votes = models.PositiveIntegerField(_("votes"), default=0)
    popularity = models.PositiveIntegerField(
        _("members"), default=0, help_text=_("People who track it on the source site")
    )
    favourites = models.PositiveIntegerField(_("favourites"), default=0)

    poster = models.ForeignKey(
        "core.StoredImage", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("poster")
    )
    banner = models.ForeignKey(
        "core.StoredImage", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("banner")
    )
    poster_url = models.URLField(_("poster's origin"), max_length=500, blank=True)
    banner_url = models.URLField(_("banner's origin"), max_length=500, blank=True)
    trailer_url = models.URLField(_("trailer"), max_length=500, blank=True)
    colour = models.CharField(_("colour"), max_length=7, blank=True, help_text="#rrggbb")

    visibility = models.CharField(_("visibility"), max_length=17, choices=Visibility.choices, default=Visibility.PUBLIC)
    moderation_reason = models.CharField(_("reason of moderation"), max_length=500, blank=True)
    origin = models.CharField(
        _("origin"),
        max_length=20,
        blank=True,
        help_text=_("The source that its fields came from, where no provenance says otherwise"),
    )
    external_scores_synced_at = models.DateTimeField(_("external scores synced"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )

    genres = models.ManyToManyField("catalog.Genre", related_name="anime", blank=True, verbose_name=_("genres"))
    tags = models.ManyToManyField(
        "catalog.Tag", through="catalog.AnimeTag", related_name="anime", verbose_name=_("tags")
    )
    studios = models.ManyToManyField(
        "catalog.Studio", through="catalog.AnimeStudio", related_name="anime", verbose_name=_("studios")
    )

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = AnimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("anime")
        verbose_name_plural = _("anime")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=0, score__lte=100),
                name="anime_score_percent",
            ),
            models.CheckConstraint(
                condition=~models.Q(visibility="player_restricted") | ~models.Q(moderation_reason=""),
                name="anime_restricted_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["-popularity", "-id"], name="anime_popular"),
            models.Index(fields=["-score", "-id"], name="anime_top"),
            models.Index(fields=["-start_date", "-id"], name="anime_newest"),
            models.Index(fields=["-updated_at", "-id"], name="anime_updated"),
            models.Index(fields=["title", "id"], name="anime_title"),
            models.Index(fields=["year", "season"], name="anime_season"),
            models.Index(fields=["status", "-popularity"], name="anime_status"),
            # The orders of `catalog.filters.sorts` whose column may be NULL, spelled as they are there.
            models.Index(known_first("score", "-1.0").desc(), models.F("id").desc(), name="anime_by_score"),
            models.Index(
                known_first("start_date", "'0001-01-01'").desc(), models.F("id").desc(), name="anime_by_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title
