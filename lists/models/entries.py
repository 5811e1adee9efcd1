"""An anime on somebody's list."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from lists.querysets.entries import ListEntryQuerySet
from lists.querysets.tags import EntryTagQuerySet
from lists.tag_keys import TAG_KEY_LENGTH, TAG_LENGTH

NOTES_TYPED = 500
"""Characters of notes that people may write (reference: OtakuStreams). What an import brings may be longer: nothing is cut."""
NOTES_STORED = 20_000
TAGS_LIMIT = 30
EPISODES_LIMIT = 100_000
REWATCHES_LIMIT = 10_000


class EntryStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    WATCHING = "watching", _("Watching")
    COMPLETED = "completed", _("Completed")
    ON_HOLD = "on_hold", _("On hold")
    DROPPED = "dropped", _("Dropped")
    REWATCHING = "rewatching", _("Rewatching")


class ListEntry(models.Model):
    """One anime on one person's list. Its score is the person's `catalog.Rating`, not stored here twice.

    `episodes_watched` counts within the present viewing: a rewatch begins at 0. Dates are ISO 8601 of reduced precision
    ("2024", "2024-05", "2024-05-17"; "" unknown): other sites know half of a date, and we keep that half (`lists.dates`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_entries")
    anime = models.ForeignKey("catalog.Anime", on_delete=models.CASCADE, related_name="list_entries")
    status = models.CharField(_("status"), max_length=10, choices=EntryStatus.choices, default=EntryStatus.PLANNED)
    episodes_watched = models.PositiveIntegerField(_("episodes watched"), default=0)
    rewatch_count = models.PositiveIntegerField(_("times rewatched"), default=0)
    started_on = models.CharField(_("started"), max_length=10, blank=True, default="")
    finished_on = models.CharField(_("finished"), max_length=10, blank=True, default="")
    notes = models.TextField(_("notes"), blank=True, default="")
    is_private = models.BooleanField(_("private"), default=False)
    is_favourite = models.BooleanField(_("favourite"), default=False)
    extras = models.JSONField(
        _("what other sites know besides"),
        default=dict,
        blank=True,
        help_text=_("By format: what an import brought that has no place here, for the export to the same site."),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = ListEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("list entry")
        verbose_name_plural = _("list entries")
        constraints = [models.UniqueConstraint(fields=["user", "anime"], name="entry_once")]
        indexes = [
            models.Index(fields=["user", "status", "-updated_at"], name="entry_user_status"),
            models.Index(fields=["user", "-updated_at"], name="entry_user_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.anime_id}: {self.status}"

    @property
    def viewing(self) -> int:
        """Which time round this is: 0 the first viewing, 1 the first rewatch."""
        return self.rewatch_count + (self.status == EntryStatus.REWATCHING)


class EntryTag(models.Model):
    """A word that a person put on an entry; all entries with one word are what other sites call a folder.

    `key` is `tag_key(name)`: one folder, however it is spelled. Services give all of a person's entries the spelling that
    was used first (`services.tag_spellings`). "" is a row that an older release wrote: its name is its key.
    """

    entry = models.ForeignKey(ListEntry, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("tag"), max_length=TAG_LENGTH)
    key = models.CharField(max_length=TAG_KEY_LENGTH, blank=True, default="", db_default="", editable=False)

    objects = EntryTagQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry's tag")
        verbose_name_plural = _("entries' tags")
        constraints = [
            models.UniqueConstraint(fields=["entry", "name"], name="entry_tag_once"),
            models.UniqueConstraint(fields=["entry", "key"], condition=~models.Q(key=""), name="entry_tag_key_once"),
        ]

    def __str__(self) -> str:
        return self.name
