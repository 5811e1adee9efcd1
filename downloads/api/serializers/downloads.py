"""Downloads as staff ask for them and see them."""

from typing import Any

from django.core.validators import URLValidator
from rest_framework import serializers

from catalog.facade import TRANSLATION_KINDS
from core.api.closed import Closed
from downloads.models import Download, DownloadState, Priority, Stage
from downloads.queue.enqueue import MAX_HEIGHT, MAX_URL, SOURCE_NAMES
from downloads.queue.telling import MEGABIT, episode_code

PRIORITIES = {"low": Priority.LOW, "normal": Priority.NORMAL, "high": Priority.HIGH}
PRIORITY_NAMES = {int(value): name for name, value in PRIORITIES.items()}
EPISODE_KINDS = ("regular", "special", "credits", "trailer", "parody", "other")
LANGUAGE = r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z"


class VariantIn(Closed):
    """`variant_kind` and `language` "" take any; `quality` is the greatest height in pixels, 0 the best there is."""

    variant_kind = serializers.ChoiceField(sorted(TRANSLATION_KINDS), default="", allow_blank=True)
    language = serializers.RegexField(LANGUAGE, default="", allow_blank=True, help_text="BCP 47")
    quality = serializers.IntegerField(min_value=0, max_value=MAX_HEIGHT, default=0)
    priority = serializers.ChoiceField(list(PRIORITIES), default="normal")


class DownloadIn(VariantIn):
    """With `url` (and `source`, who has it) it is fetched from there; the host must be allowed. Else the catalogue's sources are."""

    anime_id = serializers.IntegerField(min_value=1, max_value=2**62)
    episode = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    episode_kind = serializers.ChoiceField(EPISODE_KINDS, default="regular")
    source = serializers.ChoiceField(SOURCE_NAMES, default="", allow_blank=True)  # type: ignore[assignment]
    url = serializers.CharField(
        max_length=MAX_URL, default="", allow_blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )


class PriorityIn(Closed):
    priority = serializers.ChoiceField(list(PRIORITIES))


class MoveIn(Closed):
    """`before`: the download that it shall stand directly before; null puts it behind all of its priority."""

    before = serializers.UUIDField(allow_null=True)


class AttemptOut(serializers.Serializer):
    attempt = serializers.IntegerField(source="number")
    stage = serializers.CharField()
    error = serializers.CharField(source="error_code")
    detail = serializers.CharField(source="error_detail")
    bytes = serializers.IntegerField(source="bytes_done")
    ended_at = serializers.DateTimeField()


class DownloadOut(serializers.Serializer):
    """Percentages 0–100, sizes in bytes, `speed` in bytes a second, `duration` in seconds, `file` relative to the library."""

    id = serializers.UUIDField()
    anime_id = serializers.IntegerField()
    anime_title = serializers.CharField(source="anime.title")
    episode = serializers.IntegerField(source="episode_number")
    episode_kind = serializers.CharField()
    episode_code = serializers.SerializerMethodField(help_text="S01E05")
    variant_kind = serializers.CharField()
    language = serializers.CharField(source="variant_language")
    quality = serializers.IntegerField()
    priority = serializers.SerializerMethodField()
    state = serializers.ChoiceField(DownloadState.choices)
    stage = serializers.ChoiceField([("", ""), *Stage.choices])
    progress = serializers.FloatField(source="percent")
    stage_progress = serializers.FloatField(source="stage_percent")
    bytes_done = serializers.IntegerField()
    bytes_total = serializers.IntegerField()
    speed = serializers.IntegerField()
    seconds_left = serializers.IntegerField(allow_null=True)
    attempt = serializers.IntegerField()
    retry_at = serializers.DateTimeField(allow_null=True)
    error = serializers.SerializerMethodField(help_text="The stable code of what went wrong last, null for nothing.")
    error_detail = serializers.CharField()
    source = serializers.CharField(source="source_name")  # type: ignore[assignment]
    host = serializers.CharField()
    file = serializers.SerializerMethodField()
    size = serializers.IntegerField()
    duration = serializers.FloatField(source="duration_seconds", allow_null=True)
    height = serializers.IntegerField()
    is_reaped = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_episode_code(self, download: Download) -> str:
        return episode_code(download)

    def get_priority(self, download: Download) -> str:
        return PRIORITY_NAMES[download.priority]

    def get_error(self, download: Download) -> str | None:
        return download.error_code or None

    def get_file(self, download: Download) -> str | None:
        return download.path.partition(":")[2] or None

    def get_is_reaped(self, download: Download) -> bool:
        return download.reaped_at is not None


class DownloadDetailOut(DownloadOut):
    """With the address it comes from and every attempt that failed."""

    url = serializers.CharField(source="source_url")
    attempts = AttemptOut(many=True)


class DownloadQueueStatusOut(serializers.Serializer):
    """`mode`: running, paused or stopped. `waits_because`: quiet_hours or disk_full while nothing starts for that reason."""

    mode = serializers.CharField()
    waits_because = serializers.CharField()
    total_items = serializers.IntegerField(source="total")
    pending = serializers.IntegerField(source="queued")
    downloading = serializers.IntegerField(source="running")
    paused = serializers.IntegerField()
    completed = serializers.IntegerField(source="done")
    failed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    total_size_bytes = serializers.IntegerField(source="size")
    download_speed_mbps = serializers.SerializerMethodField(help_text="Megabits a second.")

    def get_download_speed_mbps(self, status: Any) -> float:
        return round(status.speed / MEGABIT, 2)


class DownloadQueueOut(serializers.Serializer):
    status = DownloadQueueStatusOut()
    items = DownloadOut(many=True)
