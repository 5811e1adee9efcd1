"""Filters of the queue of reports; what is said about nothing shows what waits."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from social.access_reports import OPEN_STATES, desk_people
from social.models import Report, ReportState
from social.services.report_reasons import ReportReason


class StateFilter(admin.SimpleListFilter):
    """What waits, unless something else is chosen."""

    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("all", _("All")), ("closed", _("Closed")), *ReportState.choices]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            is_default = choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name])
            yield {**choice, "display": _("Waiting")} if is_default else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        value = self.value()
        if value == "closed":
            return queryset.exclude(state__in=OPEN_STATES)
        if value in ReportState.values:
            return queryset.filter(state=value)
        return queryset if value == "all" else queryset.filter(state__in=OPEN_STATES)


class ReasonFilter(admin.SimpleListFilter):
    """Why something was reported."""

    title, parameter_name = _("reason"), "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return ReportReason.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        return queryset.filter(reason=self.value()) if self.value() else queryset


class AssigneeFilter(admin.SimpleListFilter):
    """Who looks at it: oneself, nobody, each of the others."""

    title, parameter_name = _("who looks at it"), "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        others = desk_people().exclude(pk=request.user.pk)
        people = [(str(person.pk), person.username) for person in others.order_by("username")[:50]]
        return [("me", _("I")), ("nobody", _("Nobody")), *people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        value = self.value()
        if not value:
            return queryset
        if value == "nobody":
            return queryset.filter(assignee=None)
        return queryset.filter(assignee=request.user.pk if value == "me" else value)
