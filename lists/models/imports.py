"""Lists that came from elsewhere: the file as it was read, what it would change, what it changed."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


def private_storage() -> Storage:
    """Where uploads lie until they are read; nobody gets an address of them."""
    return storages["private"]


class ImportRule(models.TextChoices):
    """What counts where the file and the list say different things."""

    THEIRS = "theirs", _("What the file says")
    MINE = "mine", _("What my list says")
    NEWEST = "newest", _("Whichever was changed last")
    HIGHEST = "highest", _("Whichever is further along")


class ImportState(models.TextChoices):
    READING = "reading", _("Being read")
    PREVIEWED = "previewed", _("Ready to apply")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Failed")


class ListImport(models.Model):
    """One file that somebody brought. `counts` is {outcome: number} and, once applied, what became of them.

    Why it was refused: `error_reason` and `error_facts` as of `lists.importing.file_reasons`; `error_detail` are words, of
    older imports and of what went wrong elsewhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_imports")
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    file = models.FileField(storage=private_storage, upload_to="list-imports", blank=True, max_length=200)
    format = models.CharField(_("format"), max_length=12, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ImportState.choices, default=ImportState.READING)
    rule = models.CharField(_("rule"), max_length=8, choices=ImportRule.choices, default=ImportRule.NEWEST)
    counts = models.JSONField(default=dict, blank=True)
    job_id = models.UUIDField(null=True, blank=True, editable=False)
    error_code = models.CharField(max_length=60, blank=True)
    error_reason = models.CharField(max_length=60, blank=True, default="", db_default="")
    error_facts = models.JSONField(null=True, blank=True)
    error_detail = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("list import")
        verbose_name_plural = _("list imports")
        indexes = [models.Index(fields=["user", "-created_at"], name="list_import_recent")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.file_name}"


class RowOutcome(models.TextChoices):
    """What a line of the file means for the list."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("The same")
    CONFLICT = "conflict", _("Conflict")
    UNKNOWN = "unknown", _("Unknown title")
    ERROR = "error", _("Not taken")


class RowState(models.TextChoices):
    PENDING = "pending", _("Not applied yet")
    APPLIED = "applied", _("Applied")
    KEPT = "kept", _("Kept as it was")
    SKIPPED = "skipped", _("Left out")
    UNDONE = "undone", _("Undone")
    CHANGED_SINCE = "changed", _("Changed since, left alone")


class ListImportRow(models.Model):
    """One line of the file. `record` is what was read (`lists.importing.records`), `diff` {field: [mine, theirs]},
    `before`/`after` the entry's state around applying it (None: not on the list), for the undo.
    """

    list_import = models.ForeignKey(ListImport, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(_("line"))
    title = models.CharField(_("title"), max_length=500, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=RowOutcome.choices)
    state = models.CharField(_("state"), max_length=8, choices=RowState.choices, default=RowState.PENDING)
    record = models.JSONField(default=dict)
    diff = models.JSONField(default=dict)
    anime = models.ForeignKey("catalog.Anime", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    candidates = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    choice = models.CharField(
        _("chosen"),
        max_length=8,
        blank=True,
        help_text=_("A rule for this line alone, or “skip”; empty: the import's rule."),
    )
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("line of a list import")
        verbose_name_plural = _("lines of list imports")
        constraints = [models.UniqueConstraint(fields=["list_import", "position"], name="list_import_row_once")]
        indexes = [models.Index(fields=["list_import", "outcome", "position"], name="list_import_row_outcome")]

    def __str__(self) -> str:
        return f"{self.position}: {self.title}"
