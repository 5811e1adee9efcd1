"""Providers: their settings, how they do, a look now, a question asked by hand."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied as Refused
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_POST
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminSelectWidget

from core import egress
from core.admin import BaseAdmin
from core.admin.base import done_to_each, error_message
from core.admin.dashboard import Plot
from core.errors import DomainError, ValidationFailed
from providers.adapters import adapter_class, adapter_classes
from providers.admin.questions import question_choices, question_label
from providers.models import Provider, ProviderRole
from providers.selectors.health import ProviderHealth, host_of, providers_health
from providers.services.home import home_request
from providers.services.provider_settings import provider_update
from providers.services.providers import providers_register
from providers.services.trials import Trial, trial_parse, trial_run

MAX_PASTED = 4 * 1024 * 1024
"""Characters of a pasted page: as many as are read of a fetched one."""


class TrialForm(forms.Form):
    """A question for a provider, or a page of its own."""

    question = forms.ChoiceField(label=gettext_lazy("question"))
    value = forms.CharField(
        label=gettext_lazy("search words, slug or address"), required=False, max_length=1000, strip=True
    )
    page = forms.CharField(
        label=gettext_lazy("or the page itself"), required=False, max_length=MAX_PASTED, widget=forms.Textarea
    )

    def __init__(self, *args: Any, capabilities: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = question_choices(capabilities)


class ProviderList(ChangeList):
    """The rows of one page, with the health of them all."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        for row, health in zip(rows, providers_health(rows), strict=True):
            row.health = health
        self.result_list = rows


@admin.register(Provider)
class ProviderAdmin(BaseAdmin):
    """Rows come from the code (`providers_register`); what is edited here is where they live and how they are asked."""

    list_display = ["label", "name", "role", "is_enabled", "base_url", "how_it_does", "home_at"]
    list_filter = ["role", "is_enabled"]
    search_fields = ["name", "label", "base_url"]
    ordering = ["role", "position", "name"]
    readonly_fields = ["role", "home_at", "created_at", "updated_at", "capabilities"]
    actions = ["switch_on", "switch_off", "look_now"]
    fieldsets = [
        (None, {"fields": [("label", "name"), ("adapter", "role"), "is_enabled", "base_url", "capabilities"]}),
        (gettext_lazy("How it is asked"), {"fields": [("interval_seconds", "timeout_seconds"), "refresh_minutes"]}),
        (
            gettext_lazy("What it offers"),
            {"fields": [("variant_kind", "variant_language"), "position", "options"]},
        ),
        (None, {"fields": [("home_at", "created_at", "updated_at")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Provider]:
        if request.method == "GET":
            providers_register()
        return super().get_queryset(request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ProviderList

    def get_readonly_fields(self, request: HttpRequest, obj: Provider | None = None) -> list[str]:
        return [*self.readonly_fields, *(["name", "adapter"] if obj else [])]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "adapter":  # of a new row only: it is never edited
            known = [(name, found.label) for name, found in adapter_classes().items()]
            label = capfirst(db_field.verbose_name)
            return forms.ChoiceField(label=label, choices=known, initial="feed", widget=UnfoldAdminSelectWidget)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Provider, form: forms.ModelForm, change: bool) -> None:
        provider_update(provider=obj, is_new=not change)

    @admin.display(description=gettext_lazy("can do"))
    def capabilities(self, provider: Provider) -> str:
        found = adapter_class(provider.adapter)
        return ", ".join(label for _name, label in question_choices(found.capabilities)) if found else "–"

    @admin.display(description=gettext_lazy("last 48 hours"))
    def how_it_does(self, provider: Provider) -> SafeString:
        success = provider.health.counts.success
        words = "–" if success is None else f"{success} %"
        shown = format_html('<a href="{}">{}</a>', reverse("admin:providers_provider_health"), words)
        if not may_try(provider):
            return shown
        href = reverse("admin:providers_provider_trial", args=[provider.pk])
        return format_html('{} · <a href="{}">{}</a>', shown, href, _("try it"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("health/", view(self.health), name="providers_provider_health"),
            path("<int:pk>/trial/", view(self.trial), name="providers_provider_trial"),
            path("<int:pk>/act/", view(require_POST(self.act)), name="providers_provider_act"),
            *super().get_urls(),
        ]

    def health(self, request: HttpRequest) -> HttpResponse:
        """All providers, those that are on first: success, latency, breakers, the last page that made no sense."""
        if not self.has_view_permission(request):
            raise Refused
        found = providers_health(Provider.objects.order_by("-is_enabled", "role", "position", "name"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("How providers do"),
            "may_change": self.has_change_permission(request),
            "providers": [_shown(one) for one in found],
        }
        return TemplateResponse(request, "admin/providers/provider/health.html", context)

    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """“Run now” and “ask again at once” of the health page."""
        if not self.has_change_permission(request):
            raise Refused
        provider = get_object_or_404(Provider, pk=pk)
        act = request.POST.get("act")
        try:
            if act == "forgive":
                egress.host_forgive(host_of(provider))
                messages.success(request, _("%s is asked again at once.") % provider.label)
            elif act == "run":
                home_request(provider=provider)
                messages.success(request, _("%s is being looked at.") % provider.label)
            else:
                raise ValidationFailed({"act": [_("This action does not exist.")]})
        except DomainError as error:
            error_message(request, error)
        return redirect("admin:providers_provider_health")

    def trial(self, request: HttpRequest, pk: int) -> HttpResponse:
        """“Test this page”: ask one question now, or read a pasted page; nothing is stored."""
        if not self.has_change_permission(request):
            raise Refused
        provider = get_object_or_404(Provider, pk=pk, role=ProviderRole.TITLES)
        found = adapter_class(provider.adapter)
        form = TrialForm(request.POST or None, capabilities=found.capabilities if found else frozenset())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Try %s") % provider.label,
            "provider": provider,
            "form": form,
            "trial": self._tried(request, provider, form) if request.method == "POST" and form.is_valid() else None,
        }
        return TemplateResponse(request, "admin/providers/provider/trial.html", context)

    def _tried(self, request: HttpRequest, provider: Provider, form: TrialForm) -> Trial | None:
        asked = form.cleaned_data
        try:
            if asked["page"]:
                return trial_parse(
                    provider=provider, question=asked["question"], text=asked["page"], url=asked["value"]
                )
            return trial_run(provider=provider, question=asked["question"], value=asked["value"])
        except DomainError as error:
            error_message(request, error)
            return None

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Provider]) -> None:
        self._switch(request, queryset, is_on=True)

    @admin.action(description=gettext_lazy("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Provider]) -> None:
        self._switch(request, queryset, is_on=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Provider], *, is_on: bool) -> None:
        def act(provider: Provider) -> None:
            provider.is_enabled = is_on
            provider_update(provider=provider)

        done = done_to_each(request, queryset, act)
        messages.success(request, ngettext("%d provider changed", "%d providers changed", done) % done)

    @admin.action(description=gettext_lazy("Look now"), permissions=["change"])
    def look_now(self, request: HttpRequest, queryset: QuerySet[Provider]) -> None:
        done = done_to_each(request, queryset, lambda provider: home_request(provider=provider))
        messages.success(request, ngettext("%d provider is looked at", "%d providers are looked at", done) % done)


def may_try(provider: Provider) -> bool:
    """Whether “test a page” has something to ask: an adapter that reads titles."""
    return provider.role == ProviderRole.TITLES and adapter_class(provider.adapter) is not None


def _shown(health: ProviderHealth) -> dict[str, Any]:
    """A provider on the health page. `is_held`: its own host is left alone for now, which a person can end."""
    own = host_of(health.provider)
    failure = health.last_failure
    return {
        "health": health,
        "plots": _plots(health),
        "is_held": any(
            host.state.state != "closed" or host.state.seconds_left for host in health.hosts if host.host == own
        ),
        "was_asked": health.provider.is_enabled or health.counts.requests > 0,
        "last_question": question_label(failure.question) if failure else "",
    }


def _plots(health: ProviderHealth) -> list[Plot]:
    """Requests, failures and milliseconds by hour; labels every six hours."""
    labels = [f"{hour:%H}" if hour.hour % 6 == 0 else "" for hour, _counts in health.hours]
    bad = [counts.failures + counts.blocked + counts.unread for _hour, counts in health.hours]
    return [
        Plot(pgettext("health", "Requests"), labels, [counts.requests for _hour, counts in health.hours]),
        Plot(_("Failed"), labels, bad),
        Plot(_("Milliseconds"), labels, [counts.mean or 0 for _hour, counts in health.hours]),
    ]
