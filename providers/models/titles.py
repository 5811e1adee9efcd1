"""A title as one provider has it, and which anime it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MatchState(models.TextChoices):
    """`auto` by the matcher, `human` by a person (never overwritten), `queued` waits for one, `none` nothing is like it,
    `rejected` a person said that it is no anime of the catalogue, `open` was not looked at yet.
    """

    OPEN = "open", _("Not looked at")
    AUTO = "auto", _("Matched automatically")
    QUEUED = "queued", _("Waits for a decision")
    NONE = "none", _("Nothing alike")
    HUMAN = "human", _("Decided by a person")
    REJECTED = "rejected", _("No anime of ours")


DECIDED_BY_PEOPLE = (MatchState.HUMAN, MatchState.REJECTED)


class ProviderTitle(models.Model):
    """One title at one provider, by `slug`. What its page said is kept here whole: it is the provider's candidate for every
    field of the anime. `score` is 0–100, `confidence` 0–100, `cover_hash` 64 bits as a signed integer.

    `title` is empty while somebody asked for the slug and the provider has told of no such title: nobody is shown such a row.
    `reasons` is a list of short texts; `candidates` a list of `{anime_id, confidence, reasons}`, best first.
    """

    provider = models.ForeignKey(
        "providers.Provider", on_delete=models.CASCADE, related_name="titles", verbose_name=_("provider")
    )
    slug = models.CharField(_("slug"), max_length=255)
    url = models.URLField(_("address"), max_length=1000)
    title = models.CharField(_("title"), max_length=500)
    alternative_titles = models.JSONField(_("other titles"), default=list, blank=True)
    native_title = models.CharField(_("native title"), max_length=500, blank=True)
    english_title = models.CharField(_("English title"), max_length=500, blank=True)
    synopsis = models.TextField(_("synopsis"), blank=True)
    cover_url = models.URLField(_("cover"), max_length=1000, blank=True)
    cover_hash = models.BigIntegerField(_("cover's hash"), null=True, blank=True)
    cover_hashed_url = models.URLField(max_length=1000, blank=True)
    kind = models.CharField(_("type"), max_length=12, blank=True)
    status = models.CharField(_("status"), max_length=10, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    released_on = models.DateField(_("released"), null=True, blank=True)
    episode_count = models.PositiveIntegerField(_("episodes"), null=True, blank=True)
    duration_seconds = models.PositiveIntegerField(_("length of an episode (s)"), null=True, blank=True)
    score = models.FloatField(_("score (0–100)"), null=True, blank=True)
    genres = models.JSONField(_("genres"), default=list, blank=True)
    studios = models.JSONField(_("studios"), default=list, blank=True)

    anime = models.ForeignKey(
        "catalog.Anime",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="provider_titles",
        verbose_name=_("anime"),
    )
    match_state = models.CharField(_("match"), max_length=8, choices=MatchState.choices, default=MatchState.OPEN)
    confidence = models.PositiveSmallIntegerField(_("confidence (0–100)"), default=0)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    candidates = models.JSONField(_("candidates"), default=list, blank=True)
    matched_at = models.DateTimeField(_("matched"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    home_rank = models.PositiveSmallIntegerField(_("place on the home page"), null=True, blank=True)
    latest_episode = models.PositiveIntegerField(_("newest episode"), null=True, blank=True)
    released_at = models.DateTimeField(_("newest episode seen"), null=True, blank=True)
    detail_at = models.DateTimeField(_("page read"), null=True, blank=True)
    episodes_at = models.DateTimeField(_("episodes read"), null=True, blank=True)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True)
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("title at a provider")
        verbose_name_plural = _("titles at providers")
        constraints = [models.UniqueConstraint(fields=["provider", "slug"], name="provider_title_once")]
        indexes = [
            models.Index(fields=["match_state", "-confidence", "id"], name="provider_title_queue"),
            models.Index(fields=["provider", "home_rank"], name="provider_title_home"),
            models.Index(fields=["-released_at", "-id"], name="provider_title_released"),
        ]

    def __str__(self) -> str:
        return self.title or self.slug
