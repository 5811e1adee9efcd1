"""What people say of a file of the library: it stands over every scan until they take it back."""

from dataclasses import replace
from pathlib import Path

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.facade import User
from catalog.facade import (
    anime_ids_existing,
    sources_at,
    sources_put,
    sources_retire,
    subtitles_below,
    subtitles_remove,
)
from core.errors import NotFound, ValidationFailed
from downloads.configuration.store import configuration
from downloads.library.besides import Besides
from downloads.library.matching import MAX_SPAN, Match, Matcher
from downloads.library.naming import name_from, path_read, titles_known
from downloads.library.paths import path_is_plain, path_raw, source_path
from downloads.library.walking import library_walk
from downloads.library.writing import ORIGIN, drafts_of, match_values
from downloads.models import FileState, LibraryFile, LibraryFolder, MatchedBy

log = structlog.get_logger("library")
KINDS = frozenset({"regular", "special", "credits", "trailer", "parody", "other"})
LARGEST_NUMBER = 99_999


def file_assign(
    *, actor: User, file: LibraryFile, anime_id: int, kind: str = "regular", first: int, last: int | None = None
) -> LibraryFile:
    """Say that a file is episode `first` (to `last`) of an anime. Its way to play goes there in the same transaction.

    Raises `NotFound` for an anime or a file that there is not, `ValidationFailed` for numbers that make no sense and for a
    name that cannot be served.
    """
    last = first if last is None else last
    if not (1 <= first <= last <= LARGEST_NUMBER and last - first < MAX_SPAN and kind in KINDS):
        raise ValidationFailed({"first": [_("These episodes make no sense.")]})
    if anime_id not in anime_ids_existing([anime_id]):
        raise NotFound()
    with transaction.atomic():
        row = _hold(file)
        if not path_is_plain(row.path, _root()):
            raise ValidationFailed({"file": [_("The file's name has characters that cannot be served.")]})
        match = Match(anime_id, kind, first, last, 100, MatchedBy.PERSON)
        _match_put(row, match)
        log.info("library_file_assigned", file=row.pk, anime=anime_id, actor=str(actor.pk))
    return row


def file_ignore(*, actor: User, file: LibraryFile) -> LibraryFile:
    """Say that a file is nothing that the library should know; its way to play is retired."""
    with transaction.atomic():
        row = _hold(file)
        _unplay(row)
        _save(row, Match(by=""), None)
        row.matched_by = MatchedBy.PERSON
        if row.state != FileState.GONE:
            row.state = FileState.IGNORED
        row.save(update_fields=["matched_by", "state"])
        log.info("library_file_ignored", file=row.pk, actor=str(actor.pk))
    return row


def file_forget_decision(*, actor: User, file: LibraryFile) -> LibraryFile:
    """Take back what a person said; the file is matched again at once. Nothing for one of which nobody said anything."""
    if file.matched_by != MatchedBy.PERSON:
        return file
    match = _match_again(file)
    with transaction.atomic():
        row = _hold(file)
        if row.matched_by != MatchedBy.PERSON:
            return row
        if match.anime_id is not None and path_is_plain(row.path, _root()):
            _match_put(row, match)
        else:
            _unplay(row)
            _save(row, match if match.anime_id is None else Match(), None)
        log.info("library_file_forgotten", file=row.pk, actor=str(actor.pk))
    return row


def _match_again(file: LibraryFile) -> Match:
    root = _root()
    name, matcher = path_read(file.path, titles_known()), Matcher()
    folder = file.path.rpartition("/")[0]
    places = {path_raw(folder), path_raw(folder.rpartition("/")[0])}
    try:
        walk = library_walk(root, only=places, known=set(LibraryFolder.objects.values_list("path", flat=True)))
    except OSError:
        return matcher.match(name)
    found = next((one for one in walk.videos if one.path == file.path), None)
    if found is None:
        return matcher.match(name)
    beside = Besides(root, walk).of(found)
    matcher.prepare([(name, beside)])
    return matcher.match(name, beside)


def _root() -> Path:
    return Path(configuration().anime_directory)


def _hold(file: LibraryFile) -> LibraryFile:
    row = LibraryFile.objects.select_for_update().filter(pk=file.pk).first()
    if row is None:
        raise NotFound()
    return row


def _match_put(row: LibraryFile, match: Match) -> None:
    """Give the file's way to play to the episodes of a match, and the row what it says."""
    path = source_path(row.path)
    before = sources_at([path]).get(path, [])
    drafts = drafts_of(row.path, name_from(row.parsed), match)
    anime_id = match.anime_id or 0
    if len(before) == 1 and len(drafts) == 1:
        drafts = [replace(drafts[0], moves=before[0])]
    done = sources_put(anime_id=anime_id, drafts=drafts, origin=ORIGIN)
    if not done.ids:
        raise ValidationFailed({"first": [_("The list of episodes is locked and has no such episode.")]})
    sources_retire(source_ids=set(before) - set(done.ids.values()))
    _subtitles_forget(row)
    _save(row, match, done.ids.get(drafts[0].key(ORIGIN)))
    if row.gone_at is not None:
        sources_retire(source_ids=done.ids.values())


def _unplay(row: LibraryFile) -> None:
    path = source_path(row.path)
    sources_retire(source_ids=sources_at([path]).get(path, []))
    _subtitles_forget(row)


def _subtitles_forget(row: LibraryFile) -> None:
    """Tracks beside the file belong to its episode: they are made anew at the next look at its folder."""
    stem = source_path(row.path).rpartition(".")[0]
    if paths := subtitles_below(f"{stem}."):
        subtitles_remove(paths=paths)
    LibraryFolder.objects.filter(path=row.path.rpartition("/")[0]).update(mtime_ns=0)


def _save(row: LibraryFile, match: Match, source_id: int | None) -> None:
    values = match_values(match, source_id)
    if row.gone_at is not None:
        values["state"] = FileState.GONE
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
