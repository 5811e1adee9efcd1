"""What lies in the library's folders, and when it was looked at."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class FileState(models.TextChoices):
    """`broken`: its name is known, but it cannot be read; it plays no more until it changes. `gone`: not on disk any more; the
    row and what people decided of it stay, for the day it comes back.
    """

    MATCHED = "matched", _("Known")
    UNMATCHED = "unmatched", _("Not recognised")
    IGNORED = "ignored", _("Ignored")
    BROKEN = "broken", _("Cannot be read")
    GONE = "gone", _("Gone")


class MatchedBy(models.TextChoices):
    """How we know which episode a file is. What a person said stands over all else."""

    NAME = "name", _("Its name")
    NFO = "nfo", _("An NFO file")
    TAGS = "tags", _("Tags in the file")
    DOWNLOAD = "download", _("We fetched it")
    PERSON = "person", _("A person")


class LibraryFile(models.Model):
    """A video file. `path` is relative to the library's root, with "/".

    A file is the same as long as size, time of change (`mtime_ns`) and `inode` (device and number, "dev:ino") stand; one
    with the same size, time and inode at another path has moved. `parsed` is what its name says
    (`names.ParsedName.as_json`), `info` what is inside (`media.MediaInfo`), read while `probed_at` is set.

    The episodes are `first`–`last` of (anime, kind). `confidence` 0–100. `suggestions` are [anime id, confidence, why].
    `source` is the way to play that the catalogue got from it. `fingerprint` is a hash of its size, its first and its last 64 KiB
    ("" not taken yet): what tells a file that came to another disk.

    A path that is no plain text (bytes that are not UTF-8, control characters, backslashes) is stored as `library.paths` writes it.
    """

    path = models.CharField(_("file"), max_length=1000, unique=True)
    size = models.BigIntegerField(_("size (bytes)"))
    mtime_ns = models.BigIntegerField(_("changed (ns)"))
    inode = models.CharField(max_length=42, blank=True, db_index=True)
    state = models.CharField(_("state"), max_length=9, choices=FileState.choices, default=FileState.UNMATCHED)
    matched_by = models.CharField(_("known by"), max_length=8, choices=MatchedBy.choices, blank=True)
    confidence = models.PositiveSmallIntegerField(_("confidence (%)"), default=0)
    anime = models.ForeignKey(
        "catalog.Anime", on_delete=models.SET_NULL, null=True, blank=True, related_name="library_files"
    )
    episode_kind = models.CharField(_("kind of episode"), max_length=8, default="regular")
    first = models.PositiveIntegerField(_("first episode"), null=True, blank=True)
    last = models.PositiveIntegerField(_("last episode"), null=True, blank=True)
    source = models.ForeignKey(
        "catalog.EpisodeSource", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    parsed = models.JSONField(_("what its name says"), default=dict, blank=True)
    suggestions = models.JSONField(_("suggestions"), default=list, blank=True)
    info = models.JSONField(_("what is inside"), default=dict, blank=True)
    probed_at = models.DateTimeField(_("looked inside"), null=True, blank=True)
    fingerprint = models.CharField(max_length=32, blank=True, db_index=True)
    scan = models.ForeignKey(
        "downloads.LibraryScan", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    seen_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True)

    class Meta:
        verbose_name = _("file of the library")
        verbose_name_plural = _("files of the library")
        ordering = ["path"]
        indexes = [
            models.Index(fields=["state", "path"], name="library_file_state"),
            models.Index(fields=["anime", "episode_kind", "first"], name="library_file_episode"),
            # All that the missing board asks of files: it counts the episodes of thousands of anime without reading a row.
            models.Index(
                fields=["state", "anime", "episode_kind", "first", "last", "seen_at"], name="library_file_present"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first__isnull=True, last__isnull=True) | models.Q(last__gte=models.F("first")),
                name="library_file_span",
            )
        ]

    def __str__(self) -> str:
        return self.path


class ScanState(models.TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class LibraryFolder(models.Model):
    """A folder of the library as the last scan saw it, relative to the root ("" is the root itself).

    `mtime_ns` 0: look again at the next opportunity, because a file in it was still being written.
    """

    path = models.CharField(_("folder"), max_length=1000, unique=True)
    mtime_ns = models.BigIntegerField(_("changed (ns)"), default=0)

    class Meta:
        verbose_name = _("folder of the library")
        verbose_name_plural = _("folders of the library")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path or "/"


class LibraryScan(models.Model):
    """One walk through the library's folders. Counts are of files; `seconds` is how long it took.

    At most one is running (the database holds it). `holder` is the host and process that runs it, `heartbeat_at` its last
    sign of life: who finds it dead takes over.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(_("state"), max_length=7, choices=ScanState.choices, default=ScanState.RUNNING)
    holder = models.CharField(max_length=200, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), auto_now_add=True)
    seen = models.PositiveIntegerField(_("seen"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    added = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    moved = models.PositiveIntegerField(_("moved"), default=0)
    gone = models.PositiveIntegerField(_("gone"), default=0)
    matched = models.PositiveIntegerField(_("recognised"), default=0)
    unmatched = models.PositiveIntegerField(_("not recognised"), default=0)
    new_series = models.PositiveIntegerField(_("new series"), default=0)
    new_episodes = models.PositiveIntegerField(_("new episodes"), default=0)
    seconds = models.FloatField(_("seconds"), default=0)
    error_detail = models.TextField(_("detail"), blank=True)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("scan of the library")
        verbose_name_plural = _("scans of the library")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="running"), name="library_scan_one_runs")
        ]

    def __str__(self) -> str:
        return f"{self.started_at} {self.state}"
