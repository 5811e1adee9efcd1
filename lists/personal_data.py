"""What lists know about a person: what is on their list and what was, where they stopped, how they keep it, what they brought."""

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.personal_data import FIRST, Person, Row, erase_part, exempt, export_part, rows_of
from lists import personal_collections  # noqa: F401 — registers what people put together
from lists.models import (
    EntryTag,
    ListActivity,
    ListEntry,
    ListImport,
    ListImportRow,
    ListPreferences,
    ScrobbleEndpoint,
    ScrobblePlay,
    ScrobbleReceipt,
    ScrobbleRule,
    WatchedEpisode,
    WatchProgress,
)

exempt("lists.EntryTag", of="erasure", reason="Dies with its ListEntry by cascade.")
exempt("lists.ListImportRow", of="erasure", reason="Dies with its ListImport by cascade.")
exempt("lists.ScrobbleReceipt", of="erasure", reason="Dies with its ScrobbleEndpoint by cascade.")
exempt("lists.ScrobblePlay", of="erasure", reason="Dies with its ScrobbleEndpoint by cascade.")


@export_part("lists/entries", label=_("Your list"), models=["lists.ListEntry"])
def entries(user: Person) -> Iterator[Row]:
    """Scores are 0–100."""
    fields = ("id", "anime_id", "status", "episodes_watched", "rewatch_count", "started_on", "finished_on", "notes")
    more = ("is_private", "is_favourite", "extras", "created_at", "updated_at")
    return rows_of(ListEntry.objects.filter(user=user).with_score(), *fields, *more, "score", title=F("anime__title"))


@erase_part("lists/entries", models=["lists.ListEntry"])
def entries_erase(user: Person) -> None:
    ListEntry.objects.filter(user=user).delete()


@export_part("lists/tags", label=_("Words you put on entries"), models=["lists.EntryTag"])
def tags(user: Person) -> Iterator[Row]:
    return rows_of(EntryTag.objects.filter(entry__user=user), "entry_id", "name", anime_id=F("entry__anime_id"))


@export_part("lists/history", label=_("Every change of your list"), models=["lists.ListActivity"])
def history(user: Person) -> Iterator[Row]:
    """Also what happened while an entry was private (`was_public` false)."""
    fields = ("anime_id", "kind", "source", "changes", "was_public", "created_at", "undone_at")
    return rows_of(ListActivity.objects.filter(user=user), *fields, title=F("anime__title"))


@erase_part("lists/history", models=["lists.ListActivity"])
def history_erase(user: Person) -> None:
    ListActivity.objects.filter(user=user).delete()


@export_part("lists/watched", label=_("Episodes you saw"), models=["lists.WatchedEpisode"])
def watched(user: Person) -> Iterator[Row]:
    fields = ("anime_id", "episode_number", "viewing", "source", "watched_at", "was_public", "undone_at")
    return rows_of(WatchedEpisode.objects.filter(user=user), *fields, title=F("anime__title"))


@erase_part("lists/watched", models=["lists.WatchedEpisode"])
def watched_erase(user: Person) -> None:
    WatchedEpisode.objects.filter(user=user).delete()


@export_part("lists/progress", label=_("Where you stopped watching"), models=["lists.WatchProgress"])
def progress(user: Person) -> Iterator[Row]:
    """Positions and lengths in seconds."""
    fields = ("anime_id", "episode_number", "position", "duration", "translation_id", "updated_at")
    return rows_of(WatchProgress.objects.filter(user=user), *fields, title=F("anime__title"))


@erase_part("lists/progress", models=["lists.WatchProgress"])
def progress_erase(user: Person) -> None:
    WatchProgress.objects.filter(user=user).delete()


@export_part("lists/preferences", label=_("How you keep your list"), models=["lists.ListPreferences"])
def preferences(user: Person) -> Iterator[Row]:
    """Without what the calendar's secret address is signed over."""
    fields = ("score_format", "watched_percent", "tracks_watching", "list_visibility")
    return rows_of(ListPreferences.objects.filter(user=user), *fields)


@erase_part("lists/preferences", models=["lists.ListPreferences"])
def preferences_erase(user: Person) -> None:
    ListPreferences.objects.filter(user=user).delete()


@export_part(
    "lists/media-servers", label=_("Media servers that tell us what you watch"), models=["lists.ScrobbleEndpoint"]
)
def endpoints(user: Person) -> Iterator[Row]:
    """Without what their secret addresses are signed over."""
    return rows_of(ScrobbleEndpoint.objects.filter(user=user), "server", "account_name", "created_at", "last_used_at")


@export_part("lists/media-server-messages", label=_("What they told"), models=["lists.ScrobbleReceipt"])
def receipts(user: Person) -> Iterator[Row]:
    fields = ("title", "detail", "anime_id", "episode_number", "outcome", "received_at")
    return rows_of(ScrobbleReceipt.objects.filter(endpoint__user=user), *fields, server=F("endpoint__server"))


@erase_part("lists/media-servers", models=["lists.ScrobbleEndpoint"], order=FIRST)
def endpoints_erase(user: Person) -> None:
    ScrobbleEndpoint.objects.filter(user=user).delete()


@export_part("lists/media-server-plays", label=_("Plays that you decided or may decide"), models=["lists.ScrobblePlay"])
def plays(user: Person) -> Iterator[Row]:
    """Lengths in seconds."""
    fields = ("title", "name", "season", "number", "year", "is_film", "length", "show_ids", "reason", "rule_id")
    rows = ScrobblePlay.objects.filter(endpoint__user=user)
    return rows_of(rows, *fields, "played_at", server=F("endpoint__server"))


@export_part("lists/media-server-rules", label=_("What you decided of them"), models=["lists.ScrobbleRule"])
def rules(user: Person) -> Iterator[Row]:
    fields = ("id", "server", "title", "name", "season", "number", "is_film", "is_ignored", "anime_id", "offset")
    more = ("first_number", "episode_number", "created_at", "updated_at")
    return rows_of(ScrobbleRule.objects.filter(user=user), *fields, *more)


@erase_part("lists/media-server-rules", models=["lists.ScrobbleRule"])
def rules_erase(user: Person) -> None:
    ScrobbleRule.objects.filter(user=user).delete()


@export_part("lists/imports", label=_("Lists you imported"), models=["lists.ListImport"])
def imports(user: Person) -> Iterator[Row]:
    fields = ("id", "file_name", "format", "state", "rule", "counts", "created_at", "applied_at", "undone_at")
    return rows_of(ListImport.objects.filter(user=user), *fields)


@export_part("lists/import-lines", label=_("What was in them"), models=["lists.ListImportRow"])
def import_rows(user: Person) -> Iterator[Row]:
    fields = ("list_import_id", "position", "title", "outcome", "state", "record", "reason", "anime_id")
    return rows_of(ListImportRow.objects.filter(list_import__user=user), *fields)


@erase_part("lists/imports", models=["lists.ListImport"], order=FIRST)
def imports_erase(user: Person) -> None:
    """The uploaded file goes before the row that names it."""
    for found in ListImport.objects.filter(user=user).exclude(file=""):
        found.file.delete(save=False)
    ListImport.objects.filter(user=user).delete()
