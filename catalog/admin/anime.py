"""Anime: search as the site searches, edits through the services, take down, restrict, merge."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied as Refused
from django.db import transaction
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from import_export.admin import ExportMixin
from unfold.contrib.filters.admin import RangeNumericFilter
from unfold.contrib.import_export.forms import ExportForm

from accounts.facade import Role
from catalog.admin.base import CatalogAdmin
from catalog.admin.inlines import EDITED, LOOKED_AT
from catalog.admin.resources import AnimeResource
from catalog.admin.splitting import split_page
from catalog.models import Anime
from catalog.search import titles_search
from catalog.services import anime as services
from catalog.services.merging import anime_merge
from core.admin.base import error_message
from core.errors import DomainError

COLLECTIONS = {"titles": "titles", "external_ids": "external_ids", "anime_tags": "tags", "anime_studios": "studios"}


@admin.register(Anime)
class AnimeAdmin(ExportMixin, CatalogAdmin):
    """Fields go through `anime_create` and `anime_update`, so that what a person sets is locked against imports."""

    resource_classes = [AnimeResource]
    export_form_class = ExportForm
    list_display = ["title", "kind", "status", "year", "score", "popularity", "visibility", "page"]
    list_filter = [
        "visibility",
        "kind",
        "status",
        "season",
        ("year", RangeNumericFilter),
        ("score", RangeNumericFilter),
        "source",
        "is_adult",
        "genres",
        "origin",
    ]
    list_filter_submit = True
    search_fields = ["title"]  # the field that switches the search box on; get_search_results asks the title index
    search_help_text = _("Any title in any language; slips are forgiven")
    ordering = ["-popularity", "-id"]
    filter_horizontal = ["genres"]
    autocomplete_fields = ["poster", "banner"]
    raw_id_fields = []
    readonly_fields = [
        "score",
        "votes",
        "popularity",
        "favourites",
        "visibility",
        "moderation_reason",
        "merged_into",
        "origin",
        "external_scores_synced_at",
        "created_at",
        "updated_at",
    ]
    actions = ["hide", "restrict", "publish", "merge"]
    inlines = [*EDITED, *LOOKED_AT]
    change_form_before_template = "admin/catalog/anime/tools.html"
    fieldsets = [
        (
            _("Names"),
            {
                "classes": ["tab"],
                "fields": ["title", "title_english", "title_native", "slug", "synopsis", "background"],
            },
        ),
        (
            _("Facts"),
            {
                "classes": ["tab"],
                "fields": [
                    ("kind", "status", "source"),
                    ("season", "year", "country"),
                    ("start_date", "end_date"),
                    ("episode_count", "duration_seconds"),
                    ("age_rating", "is_adult"),
                    "genres",
                ],
            },
        ),
        (
            _("Pictures"),
            {"classes": ["tab"], "fields": ["poster", "banner", "poster_url", "banner_url", "trailer_url", "colour"]},
        ),
        (
            _("State"),
            {
                "classes": ["tab"],
                "fields": [
                    ("visibility", "moderation_reason"),
                    ("score", "votes"),
                    ("popularity", "favourites"),
                    ("merged_into", "origin"),
                    ("external_scores_synced_at", "created_at", "updated_at"),
                ],
            },
        ),
    ]

    def anime_ids(self, row: Anime) -> set[int]:
        return {row.pk}

    @admin.display(description=_("page"))
    def page(self, anime: Anime) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("anime", args=[anime.pk]), _("open"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Anime], search_term: str
    ) -> tuple[QuerySet[Anime], bool]:
        if not search_term.strip():
            return queryset, False
        if search_term.strip().isdigit():
            return queryset.filter(pk=int(search_term)) if len(search_term) < 19 else queryset.none(), False
        hits = [h.anime_id for h in titles_search(search_term, limit=100, include_adult=True, include_hidden=True)]
        order = Case(*[When(pk=pk, then=Value(n)) for n, pk in enumerate(hits)], output_field=IntegerField())
        found = queryset.filter(pk__in=hits)
        return (found.order_by(order) if hits else found), False

    def get_readonly_fields(self, request: HttpRequest, obj: Anime | None = None) -> list[str]:
        """A moderator takes down and restricts (by action); the facts are an admin's."""
        if request.user.rank >= Role.ADMIN.rank:
            return list(self.readonly_fields)
        return [f.name for f in Anime._meta.get_fields() if f.concrete and f.name != "id"]

    def save_model(self, request: HttpRequest, obj: Anime, form: ModelForm, change: bool) -> None:
        fields = {name: form.cleaned_data[name] for name in form.changed_data if name in services.EDITABLE}
        if change:
            saved = services.anime_update(actor=request.user, anime=obj, **fields)
        else:
            saved = services.anime_create(actor=request.user, **fields)
        obj.__dict__.update(saved.__dict__)
        form.instance = obj

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            names = {COLLECTIONS.get(f.prefix, f.prefix) for f in formsets if f.has_changed()}
            if "genres" in form.changed_data:
                names.add("genres")
            if names:
                services.fields_lock(anime=form.instance, names=names, actor=request.user)
                services.catalog_touch(anime_ids=[form.instance.pk])

    def has_delete_permission(self, request: HttpRequest, obj: Anime | None = None) -> bool:
        """Deleting takes lists and progress along: hide or merge instead; only a superadmin may."""
        return request.user.rank >= Role.SUPERADMIN.rank and super().has_delete_permission(request, obj)

    @admin.action(description=_("Hide…"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Anime]) -> HttpResponse | None:
        return self._with_reason(request, queryset, "hide", services.anime_hide)

    @admin.action(description=_("Restrict the player…"), permissions=["change"])
    def restrict(self, request: HttpRequest, queryset: QuerySet[Anime]) -> HttpResponse | None:
        return self._with_reason(request, queryset, "restrict", services.anime_restrict)

    @admin.action(description=_("Show again"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Anime]) -> None:
        for anime in queryset:
            services.anime_publish(actor=request.user, anime=anime)
        self._say(request, queryset.count())

    def _with_reason(self, request: HttpRequest, queryset: QuerySet[Anime], name: str, act: Any) -> HttpResponse | None:
        """Ask for the reason on a page of its own, then do it."""
        if "reason" not in request.POST:
            return self._ask(request, queryset, name, "admin/catalog/anime/reason.html")
        try:
            with transaction.atomic():
                for anime in queryset:
                    act(actor=request.user, anime=anime, reason=request.POST["reason"])
        except DomainError as error:
            error_message(request, error)
            return self._ask(request, queryset, name, "admin/catalog/anime/reason.html")
        self._say(request, queryset.count())
        return None

    @admin.action(description=_("Merge duplicates…"), permissions=["merge"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Anime]) -> HttpResponse | None:
        """Choose which of the chosen stays; the others give it their episodes, titles, ids, ratings and lists."""
        rows = list(queryset.order_by("pk")[:11])
        if not 2 <= len(rows) <= 10:
            messages.error(request, _("Choose two to ten anime."))
            return None
        keep = next((anime for anime in rows if str(anime.pk) == request.POST.get("keep")), None)
        if keep is None:
            return self._ask(request, queryset, "merge", "admin/catalog/anime/merge.html")
        try:
            with transaction.atomic():
                for duplicate in rows:
                    if duplicate.pk != keep.pk:
                        keep = anime_merge(actor=request.user, keep=keep, duplicate=duplicate)
        except DomainError as error:
            error_message(request, error)
            return None
        self._say(request, len(rows))
        return None

    def get_urls(self) -> list[URLPattern]:
        split = self.admin_site.admin_view(self.split)
        return [path("<int:pk>/split/", split, name="catalog_anime_split"), *super().get_urls()]

    def split(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose what becomes an anime of its own, see how much that is, do it."""
        if not self.has_merge_permission(request):
            raise Refused
        return split_page(self, request, get_object_or_404(Anime, pk=pk))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["may_split"] = self.has_merge_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Merging and splitting move what people have: admins and above."""
        return request.user.rank >= Role.ADMIN.rank

    def _ask(self, request: HttpRequest, queryset: QuerySet[Anime], name: str, template: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": str(dict(self.get_actions(request))[name][2]),
            "opts": self.opts,
            "action": name,
            "rows": queryset.order_by("pk")[:100],
            "checkbox": admin.helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, template, context)

    def _say(self, request: HttpRequest, count: int) -> None:
        messages.success(request, ngettext("%d anime changed", "%d anime changed", count) % count)
