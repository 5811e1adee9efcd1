"""What each source says of each field of an anime, side by side; staff choose whom a field follows."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied as Refused
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from catalog.facade import anime_field_labels, anime_get_visible
from core.admin.base import ReadOnlyAdmin, error_message
from core.errors import DomainError, ValidationFailed
from core.site.slots import slot_fill
from providers.models import FieldSource, MatchState, ProviderTitle
from providers.selectors.candidates import FieldCandidates, field_candidates
from providers.services.enrichment import enrichment_request
from providers.services.sources import STAFF, sources_set

LONGEST = 280
"""Characters of a value that are shown."""
COMPARE = "admin:providers_candidates"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one source says of a field; `is_current`: the catalogue says the same, in whatever order."""

    text: str
    is_current: bool
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One field; `label` is what people call it. `choices` are what it may follow, `chosen` the one that holds; `cells` are in
    the order of the sources, None where one says nothing.
    """

    name: str
    label: str
    current: str
    source: str
    is_locked: bool
    choices: list[tuple[str, str]]
    chosen: str
    cells: list[Cell | None]


@admin.register(FieldSource)
class FieldSourceAdmin(ReadOnlyAdmin):
    list_display = ["anime", "field", "source", "set_by", "set_at"]
    list_filter = ["field", "source"]
    search_fields = ["anime__title"]
    list_select_related = ["anime", "set_by"]
    ordering = ["-set_at"]

    def get_urls(self) -> list[URLPattern]:
        compare = self.admin_site.admin_view(self.compare)
        return [path("anime/<int:anime_id>/", compare, name="providers_candidates"), *super().get_urls()]

    def compare(self, request: HttpRequest, anime_id: int) -> HttpResponse:
        """The table of an anime's fields; a POST chooses sources, or has everything asked again."""
        may_change = request.user.has_perm("providers.change_fieldsource")
        if not self.has_view_permission(request) or (request.method == "POST" and not may_change):
            raise Refused
        try:
            anime = anime_get_visible(request.user, anime_id)
            if request.method == "POST":
                self._act(request, anime)
                return redirect(COMPARE, anime_id)
            found = field_candidates(anime.pk)
        except DomainError as error:
            error_message(request, error)
            return redirect("admin:catalog_anime_changelist")
        sources = _sources(found)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Where the fields of “%s” come from") % anime.title,
            "anime": anime,
            "sources": sources,
            "lines": _lines(found, sources),
            "titles": ProviderTitle.objects.filter(anime=anime).select_related("provider"),
            "may_change": may_change,
        }
        return TemplateResponse(request, "admin/providers/candidates.html", context)

    def _act(self, request: HttpRequest, anime: Any) -> None:
        act = request.POST.get("act")
        if act == "sync":
            enrichment_request(key_of=anime, is_forced=True)
            messages.success(request, _("All sources are being asked."))
            return
        if act != "choose":
            raise ValidationFailed({"act": [_("This action does not exist.")]})
        choices = {
            name.removeprefix("field-"): value or None
            for name, value in request.POST.items()
            if name.startswith("field-")
        }
        before = {name: _chosen(one) for name, one in field_candidates(anime.pk).items()}
        changed = {name: value for name, value in choices.items() if before.get(name) != value}
        if changed:
            sources_set(actor=request.user, anime_id=anime.pk, choices=changed)
        messages.success(request, _("Fields follow the sources that you chose."))


@slot_fill("admin.anime")
def anime_tools(request: HttpRequest, values: dict[str, Any]) -> str:
    """On the page of an anime: to its sources, and to what waits about it."""
    anime_id = values.get("anime_id")
    if not anime_id or not request.user.has_perm("providers.view_fieldsource"):
        return ""
    waiting = ProviderTitle.objects.filter(anime=anime_id, match_state=MatchState.QUEUED).count()
    context = {"anime_id": anime_id, "waiting": waiting}
    return render_to_string("admin/providers/anime_tools.html", context, request=request)


def _sources(found: dict[str, FieldCandidates]) -> list[str]:
    """Every source that says something, in the order of their first words."""
    return list(dict.fromkeys(candidate.source for one in found.values() for candidate in one.candidates))


def _lines(found: dict[str, FieldCandidates], sources: list[str]) -> list[Line]:
    labels = anime_field_labels()
    return [_line(name, labels[name], one, sources) for name, one in found.items()]


def _line(name: str, label: str, one: FieldCandidates, sources: list[str]) -> Line:
    current = _words(one.current)
    cells: dict[str, Cell] = {}
    for candidate in one.candidates:
        words = _words(candidate.value)
        is_current = sorted(words) == sorted(current)
        cells.setdefault(candidate.source, Cell(_cut(words), is_current, candidate.is_stale))
    chosen = _chosen(one) or ""
    # What is chosen is on the list though its source says nothing now: a form must not undo what nobody touched.
    followed = dict.fromkeys([*sources, *([chosen] if chosen not in ("", STAFF) else [])])
    return Line(
        name=name,
        label=label,
        current=_cut(current),
        source=one.source,
        is_locked=one.locked,
        choices=[("", _("by rank")), (STAFF, _("nobody: it stays")), *((source, source) for source in followed)],
        chosen=chosen,
        cells=[cells.get(source) for source in sources],
    )


def _chosen(one: FieldCandidates) -> str | None:
    """What staff decided of a field, as `sources_set` takes it."""
    return STAFF if one.locked else one.chosen


def _words(value: Any) -> list[str]:
    """A value in words, one for each of its items."""
    if value is None:
        return []
    if isinstance(value, dict):
        return [f"{key}: {found}" for key, found in value.items()]
    if isinstance(value, list):
        return [_item(item) for item in value]
    if isinstance(value, bool):
        return [_("yes") if value else _("no")]
    return [str(value)]


def _cut(words: list[str]) -> str:
    return Truncator(" · ".join(words)).chars(LONGEST)


def _item(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    return next((str(item[key]) for key in ("text", "name", "title", "url", "first_at") if item.get(key)), str(item))
