"""One episode on its way into the library, and every attempt that was made."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ids import uuid7


class DownloadState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


LIVE_STATES = (DownloadState.QUEUED, DownloadState.RUNNING, DownloadState.PAUSED)
"""In these a download stands in the queue: another one of the same episode and variant is refused."""


LIVE_KEY = ("anime_id", "episode_kind", "episode_number", "variant_kind", "variant_language")


class Stage(models.TextChoices):
    """What a running download does, in this order."""

    RESOLVE = "resolve", _("Finding a source")
    FETCH = "fetch", _("Fetching")
    VERIFY = "verify", _("Checking")
    REMUX = "remux", _("Joining")
    PLACE = "place", _("Placing")
    INDEX = "index", _("Adding to the library")


class Priority(models.IntegerChoices):
    """Higher goes first (aniworld: `low`, `normal`, `high`)."""

    LOW = 0, _("Low")
    NORMAL = 1, pgettext_lazy("priority", "Normal")
    HIGH = 2, _("High")


class Download(models.Model):
    """An episode, by (anime, kind, number), in a variant. "" as a variant's kind or language takes any.

    `quality` is the greatest height wanted in pixels (0: the best there is). `source_url` is where it is fetched from: given
    by staff (`is_source_given`), else chosen anew from the catalogue's sources at each attempt.

    In the queue the higher `priority` goes first, then the lower `position`. A failed attempt that may be repeated goes
    back to `queued` with `retry_at`. `stage_percent` is that of the stage, `percent` of the whole (0–100). Bytes are those
    fetched (`bytes_total` 0: not known yet), `speed` bytes a second, `seconds_left` of the stage.
    `progressed_at` is when anything last moved: the watchdog's clock. `crashes`: workers that died in a row without progress.

    `path` is the file in the library ("library:…") once placed; `target` what it is about to become, written before the
    file moves, so that a power cut in between can be told from a file of somebody else. `reaped_at`: the file was removed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="downloads")
    episode_kind = models.CharField(_("kind of episode"), max_length=8, default="regular")
    episode_number = models.PositiveIntegerField(_("episode"))
    variant_kind = models.CharField(_("dub, sub or raw"), max_length=3, blank=True)
    variant_language = models.CharField(_("language"), max_length=12, blank=True, help_text="BCP 47")
    quality = models.PositiveSmallIntegerField(_("height at most (px)"), default=0)

    source = models.ForeignKey(
        "catalog.EpisodeSource", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source_name = models.CharField(_("source"), max_length=40, blank=True)
    source_url = models.CharField(_("address"), max_length=2000, blank=True)
    source_kind = models.CharField(_("kind of source"), max_length=5, blank=True)
    host = models.CharField(_("host"), max_length=255, blank=True)
    is_source_given = models.BooleanField(_("address given by staff"), default=False)

    state = models.CharField(_("state"), max_length=9, choices=DownloadState.choices, default=DownloadState.QUEUED)
    stage = models.CharField(_("stage"), max_length=7, choices=Stage.choices, blank=True)
    stage_percent = models.FloatField(_("stage (%)"), default=0)
    percent = models.FloatField(_("progress (%)"), default=0)
    bytes_done = models.BigIntegerField(_("bytes"), default=0)
    bytes_total = models.BigIntegerField(_("bytes in all"), default=0)
    speed = models.BigIntegerField(_("bytes a second"), default=0)
    seconds_left = models.PositiveIntegerField(_("seconds left"), null=True, blank=True)

    priority = models.SmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    position = models.BigIntegerField(_("position"), default=0)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    crashes = models.PositiveSmallIntegerField(_("crashes in a row"), default=0)
    retry_at = models.DateTimeField(_("again at"), null=True, blank=True)
    error_code = models.CharField(_("error"), max_length=60, blank=True)
    error_detail = models.TextField(_("detail"), blank=True)
    is_pause_wanted = models.BooleanField(default=False)
    job = models.ForeignKey("core.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    progressed_at = models.DateTimeField(_("last moved"), null=True, blank=True)

    target = models.CharField(_("about to become"), max_length=1000, blank=True)
    path = models.CharField(_("file"), max_length=1000, blank=True)
    size = models.BigIntegerField(_("size (bytes)"), default=0)
    duration_seconds = models.FloatField(_("length (s)"), null=True, blank=True)
    height = models.PositiveSmallIntegerField(_("height (px)"), default=0)
    reaped_at = models.DateTimeField(_("removed"), null=True, blank=True)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        ordering = ["-priority", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["anime", "episode_kind", "episode_number", "variant_kind", "variant_language"],
                condition=models.Q(state__in=["queued", "running", "paused"]),
                name="download_live_once",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100, stage_percent__gte=0, stage_percent__lte=100),
                name="download_percent",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-priority", "position"], name="download_queue"),
            models.Index(fields=["-created_at"], name="download_recent"),
            models.Index(fields=["anime", "episode_kind", "episode_number"], name="download_episode"),
        ]

    def __str__(self) -> str:
        return f"{self.anime_id} · {self.episode_kind} {self.episode_number} {self.state}"

    @property
    def live_key(self) -> dict[str, Any]:
        """What no two downloads in the queue have in common: the episode and the variant (`download_live_once`)."""
        return {name: getattr(self, name) for name in LIVE_KEY}


class DownloadAttempt(models.Model):
    """One attempt that ended without a file: where and why."""

    download = models.ForeignKey(Download, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("attempt"))
    stage = models.CharField(_("stage"), max_length=7, choices=Stage.choices, blank=True)
    url = models.CharField(_("address"), max_length=2000, blank=True)
    error_code = models.CharField(_("error"), max_length=60)
    error_detail = models.TextField(_("detail"), blank=True)
    bytes_done = models.BigIntegerField(_("bytes"), default=0)
    ended_at = models.DateTimeField(_("ended"), auto_now_add=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["download", "number", "id"]

    def __str__(self) -> str:
        return f"{self.download_id} {self.number} {self.error_code}"
