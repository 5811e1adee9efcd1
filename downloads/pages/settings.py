"""The operator's configuration on one page: a form, a preview of names, the backups. For keepers alone."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.facade import User
from core.errors import DomainError
from core.health.registry import NoAnswer, answer_within
from downloads.configuration.backup_files import Backup
from downloads.configuration.backups import (
    backup_create,
    backup_delete,
    backup_restore,
    backups_list,
    configuration_reset,
)
from downloads.configuration.changing import configuration_set, configuration_validate
from downloads.configuration.store import configuration, configuration_problem
from downloads.errors import ConfigurationInvalid
from downloads.pages.settings_form import SettingsForm, values_shown
from downloads.pages.staff import staff_page
from downloads.placing.naming import Example, template_preview
from downloads.placing.space import space_free

FIELD_WORDS = (
    ("title", gettext_lazy("title of the anime")),
    ("title_english", gettext_lazy("English title")),
    ("title_native", gettext_lazy("title in its own language")),
    ("year", gettext_lazy("year it began")),
    ("season:02", gettext_lazy("season, two digits")),
    ("episode:02", gettext_lazy("episode, two digits")),
    ("absolute:03", gettext_lazy("number through all seasons, three digits")),
    ("episode_title", gettext_lazy("title of the episode")),
    ("quality", gettext_lazy("height, such as 1080p")),
    ("language", gettext_lazy("language of the sound or the subtitles")),
    ("variant", gettext_lazy("dub, sub or raw")),
    ("group", gettext_lazy("who made it")),
    ("kind", gettext_lazy("film, special, credits …")),
)
FOLDER_SECONDS = 2.0
"""A share that hangs must not hold the page."""


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder of the operator as it is now."""

    label: str
    path: str
    is_well: bool
    words: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_page()
def settings_page(request: HttpRequest) -> HttpResponse:
    """The form; posted with `do=check` nothing is changed, else what differs from what the page showed is."""
    if request.method != "POST":
        return _page(request, SettingsForm(initial=values_shown(configuration())))
    form = SettingsForm(request.POST, initial=values_shown(configuration()))
    is_check = request.POST.get("do") == "check"
    error = ""
    try:
        changes = form.changes()
        if not form.errors and is_check:
            configuration_validate(changes)
        elif not form.errors:
            configuration_set(cast(User, request.user), changes)
    except ConfigurationInvalid as refused:
        form.errors_take(refused.extra["fields"] or {"": [str(refused.detail or refused.title)]})
    except DomainError as refused:
        error = _words(refused)
    if error or form.errors:
        return _page(request, form, error=error, status=422)
    if is_check:
        return _page(request, form, note=_("All of this can be used. Nothing has been saved yet."))
    (messages.success if changes else messages.info)(
        request, _("The settings are saved.") if changes else _("Nothing was changed.")
    )
    return redirect("downloads-settings")


def _page(
    request: HttpRequest, form: SettingsForm, *, error: str = "", note: str = "", status: int = 200
) -> HttpResponse:
    template = str(form["naming_template"].value() or "")
    context = {
        "form": form,
        "groups": form.groups(),
        "problem": configuration_problem(),
        "error": error,
        "note": note,
        "folders": _folders(),
        "backups": _backups(),
        "field_words": FIELD_WORDS,
        **_preview(template),
    }
    return render(request, "downloads/settings.html", context, status=status)


@require_safe
@never_cache
@staff_page()
def settings_preview(request: HttpRequest) -> HttpResponse:
    """What files would be called by `?naming_template=`; a part of the page for htmx."""
    context = _preview(request.GET.get("naming_template", ""))
    return render(request, "downloads/partials/settings_preview.html", context)


def _preview(template: str) -> dict[str, Any]:
    examples: list[Example] = []
    wrong: list[str] = []
    try:
        examples = template_preview(template)
    except ConfigurationInvalid as refused:
        wrong = refused.extra["fields"]["naming_template"]
    return {"examples": examples, "template_wrong": wrong}


@require_POST
@never_cache
@staff_page()
def settings_backups(request: HttpRequest) -> HttpResponse:
    """Make a backup, or with `do=reset` begin anew with the defaults."""
    actor = cast(User, request.user)
    try:
        if request.POST.get("do") == "reset":
            configuration_reset(actor)
            messages.success(request, _("The settings are the defaults again. What was there is kept."))
        else:
            backup = backup_create(actor)
            messages.success(request, _("Backed up as %(name)s.") % {"name": backup.name})
    except DomainError as refused:
        messages.error(request, _words(refused))
    return _to_backups()


@require_POST
@never_cache
@staff_page()
def settings_backup(request: HttpRequest, name: str) -> HttpResponse:
    """Restore a backup, or with `do=delete` delete it for good."""
    actor = cast(User, request.user)
    try:
        if request.POST.get("do") == "delete":
            backup_delete(name, actor)
            messages.success(request, _("%(name)s is deleted.") % {"name": name})
        else:
            backup_restore(name, actor)
            messages.success(
                request, _("The settings are those of %(name)s. What was there before is kept.") % {"name": name}
            )
    except DomainError as refused:
        if refused.status == 404:
            raise
        messages.error(request, _words(refused))
    return _to_backups()


def _to_backups() -> HttpResponse:
    return redirect(reverse("downloads-settings") + "#backups")


def _backups() -> list[Backup]:
    try:
        return backups_list()
    except DomainError:
        return []


def _folders() -> list[FolderState]:
    """Looked at without writing; "Check" tries them."""
    values = configuration()
    named = (
        (_("Folder of the library"), values.anime_directory),
        (_("Folder of unfinished downloads"), values.download_directory),
    )
    return [_folder(label, path, values.free_space_floor) for label, path in named]


def _folder(label: str, path: str, floor: int) -> FolderState:
    try:
        is_there, may_write, free = answer_within(f"settings-{path}", lambda: _look(Path(path)), FOLDER_SECONDS)
    except NoAnswer:
        return FolderState(label, path, is_well=False, words=_("It does not answer."))
    except OSError:
        return FolderState(label, path, is_well=False, words=_("It cannot be looked at."))
    said = {"free": filesizeformat(free), "floor": filesizeformat(floor)}
    if not is_there and path in (str(settings.LIBRARY_ROOT), str(settings.DOWNLOADS_ROOT)):
        words = _("It is made with the first file. %(free)s free.") % said
        return FolderState(label, path, is_well=free >= floor, words=words)
    if not is_there:
        return FolderState(label, path, is_well=False, words=_("It is not there. Is its disk connected?"))
    if not may_write:
        return FolderState(label, path, is_well=False, words=_("Nothing can be written in it."))
    if free < floor:
        words = _("%(free)s free, less than the %(floor)s that are to stay free.") % said
        return FolderState(label, path, is_well=False, words=words)
    return FolderState(label, path, is_well=True, words=_("%(free)s free") % said)


def _look(folder: Path) -> tuple[bool, bool, int]:
    return folder.is_dir(), os.access(folder, os.W_OK | os.X_OK), space_free(folder)


def _words(refused: DomainError) -> str:
    """What is wrong in words; of a backup that does not fit any more, each field."""
    fields = (refused.extra or {}).get("fields") or {}
    said = [f"{name}: {message}" for name, texts in fields.items() for message in texts]
    return " ".join(said) or str(refused.detail or refused.title)
