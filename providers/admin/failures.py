"""Pages that made no sense, kept to be looked at and read again."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied as Refused
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from core.admin.base import ReadOnlyAdmin, error_message
from core.errors import DomainError
from providers.fetching.failures import failure_text
from providers.models import PageFailure
from providers.services.trials import failure_reparse

SHOWN = 100_000
"""Characters of a kept page that are shown."""


@admin.register(PageFailure)
class PageFailureAdmin(ReadOnlyAdmin):
    list_display = ["question", "provider", "error_code", "detail", "url", "size", "at"]
    list_filter = ["provider", "question", "error_code"]
    search_fields = ["url", "detail"]
    list_select_related = ["provider"]

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
            "failure": failure,
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
