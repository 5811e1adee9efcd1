"""Pages that made no sense, kept to be looked at and read again."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied as Refused
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from core.admin.base import ReadOnlyAdmin, error_message
from core.errors import DomainError
from providers.admin.questions import question_label
from providers.fetching.failures import failure_text
from providers.models import PageFailure
from providers.services.trials import failure_reparse

SHOWN = 100_000
"""Characters of a kept page that are shown."""
ADDRESS_SHOWN = 60
"""Characters of an address in the list; the page has all of it."""


@admin.register(PageFailure)
class PageFailureAdmin(ReadOnlyAdmin):
    list_display = ["asked", "provider", "error_code", "detail", "address", "size", "at"]
    list_filter = ["provider", "question", "error_code"]
    search_fields = ["url", "detail"]
    list_select_related = ["provider"]

    @admin.display(description=gettext_lazy("question"), ordering="question")
    def asked(self, failure: PageFailure) -> str:
        return question_label(failure.question)

    @admin.display(description=gettext_lazy("address"), ordering="url")
    def address(self, failure: PageFailure) -> str:
        return Truncator(failure.url).chars(ADDRESS_SHOWN)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("body")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page's text, and what the adapter makes of it today."""
        if not self.has_view_permission(request):
            raise Refused
        if not object_id.isdecimal() or len(object_id) > 18:
            return redirect("admin:providers_pagefailure_changelist")
        failure = get_object_or_404(PageFailure.objects.select_related("provider"), pk=object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": str(failure),
            "opts": self.opts,
            "original": failure,
            "failure": failure,
            "asked": question_label(failure.question),
            "page": failure_text(failure)[:SHOWN],
            "trial": self._tried(request, failure),
        }
        return TemplateResponse(request, "admin/providers/failure.html", context)

    def _tried(self, request: HttpRequest, failure: PageFailure) -> Any:
        try:
            return failure_reparse(failure=failure)
        except DomainError as error:
            error_message(request, error)
            return None

    class Media:
        css = {"all": ["css/admin-providers.css"]}
