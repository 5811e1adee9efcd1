"""Where an episode plays from, in which translation, with which subtitles."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslationKind(models.TextChoices):
    DUB = "dub", _("Dub")
    SUB = "sub", _("Sub")
    RAW = "raw", _("Raw")


class Translation(models.Model):
    """A team's dub or sub. `code` is the `translation_id` of the API; "" never occurs here, it is the timecodes' default."""

    code = models.SlugField(_("code"), max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=3, choices=TranslationKind.choices)
    language = models.CharField(_("language"), max_length=12, help_text="BCP 47")
    team = models.CharField(_("team"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["language", "kind", "team"]

    def __str__(self) -> str:
        return f"{self.team or self.code} ({self.language} {self.kind})"


class SourceKind(models.TextChoices):
    HLS = "hls", "HLS"
    MP4 = "mp4", "MP4"
    EMBED = "embed", _("Embedded player")
    LOCAL = "local", _("Local file")


class SourceHealth(models.TextChoices):
    UNKNOWN = "unknown", _("Not checked")
    OK = "ok", _("Works")
    DEGRADED = "degraded", _("Unreliable")
    DEAD = "dead", _("Dead")


class EpisodeSource(models.Model):
    """One way to play an episode: `url` for hls, mp4 and embed; `path` ("library:…" or "demo:…", relative) for local.

    `quality` is the height in pixels (0: adaptive or unknown). Of equal health the lowest `position` plays first.
    `audio_languages` names the audio tracks inside ("ja", "en"), first the default.
    """

    episode = models.ForeignKey("catalog.Episode", on_delete=models.CASCADE, related_name="sources")
    translation = models.ForeignKey(
        Translation, on_delete=models.PROTECT, null=True, blank=True, related_name="sources"
    )
    kind = models.CharField(_("kind"), max_length=5, choices=SourceKind.choices)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    path = models.CharField(_("file"), max_length=1000, blank=True)
    quality = models.PositiveSmallIntegerField(_("height (px)"), default=0)
    label = models.CharField(_("label"), max_length=80, blank=True)
    audio_languages = models.JSONField(_("audio languages"), default=list, blank=True)
    thumbnails_path = models.CharField(_("seek thumbnails (VTT)"), max_length=1000, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    health = models.CharField(_("health"), max_length=8, choices=SourceHealth.choices, default=SourceHealth.UNKNOWN)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("episode source")
        verbose_name_plural = _("episode sources")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(kind="local") & ~models.Q(path="") & models.Q(url=""))
                | (~models.Q(kind="local") & ~models.Q(url="") & models.Q(path="")),
                name="source_local_has_path_others_url",
            ),
            models.UniqueConstraint(fields=["episode", "translation", "url", "path"], name="source_once"),
            models.UniqueConstraint(
                fields=["episode", "url", "path"], condition=models.Q(translation=None), name="source_untranslated_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode_id} · {self.kind} {self.quality or ''}"


class SubtitleFormat(models.TextChoices):
    VTT = "vtt", "WebVTT"
    ASS = "ass", "ASS"


class SubtitleTrack(models.Model):
    """Subtitles of an episode beside its video: a file under a library root ("library:…", "demo:…")."""

    episode = models.ForeignKey("catalog.Episode", on_delete=models.CASCADE, related_name="subtitles")
    language = models.CharField(_("language"), max_length=12, help_text="BCP 47")
    format = models.CharField(_("format"), max_length=3, choices=SubtitleFormat.choices)
    path = models.CharField(_("file"), max_length=1000)
    label = models.CharField(_("label"), max_length=80, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    is_forced = models.BooleanField(_("forced"), default=False)

    class Meta:
        verbose_name = _("subtitle track")
        verbose_name_plural = _("subtitle tracks")
        ordering = ["language", "format"]
        constraints = [models.UniqueConstraint(fields=["episode", "path"], name="subtitle_once")]

    def __str__(self) -> str:
        return f"{self.episode_id} · {self.language} {self.format}"
