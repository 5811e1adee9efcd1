"""Base classes: pages that stay quick with many rows, errors of services shown as messages."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, TabularInline

from core.errors import DomainError


class BaseAdmin(ModelAdmin):
    """A list never counts what it does not show; a refusal of a service is a message, never a 500."""

    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True
    warn_unsaved_form = True

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            error_message(request, error)
            return redirect(request.get_full_path())
        except (IntegrityError, ValidationError, OverflowError, DataError) as error:
            # What a form let through and the database refuses: nothing was saved, the person is told.
            messages.error(request, _("This cannot be saved: %s") % str(error).splitlines()[0][:200])
            return redirect(request.get_full_path())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        try:
            return super().changelist_view(request, extra_context)
        except (ValidationError, OverflowError, ValueError):
            messages.error(request, _("This choice of rows could not be read."))
            return redirect(request.path)


class ReadOnlyAdmin(BaseAdmin):
    """Rows that the system writes: to be looked at only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class BaseTabular(TabularInline):
    """Rows inside another's form; nothing empty is offered unless asked for."""

    extra = 0
    tab = True
    show_change_link = False


class ReadOnlyTabular(BaseTabular):
    """Rows inside another's form that are only looked at."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def done_to_each(request: HttpRequest, rows: Iterable[Any], act: Callable[[Any], object]) -> int:
    """Do it to each row; to how many it was done. A refusal is shown, and the others go on."""
    done = 0
    for row in rows:
        try:
            act(row)
            done += 1
        except DomainError as error:
            error_message(request, error)
    return done


def error_message(request: HttpRequest, error: DomainError) -> None:
    """Show a domain error and its field messages."""
    words = [str(error.detail or error.title)]
    for name, texts in error.extra.get("fields", {}).items():
        words += [f"{name}: {text}" for text in texts]
    messages.error(request, " · ".join(words))
