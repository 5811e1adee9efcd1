"""Titles at providers: the list, and the desk where a person says which anime one is."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied as Refused
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.views import ChangeList

from catalog.facade import anime_get_visible
from core.admin import BaseAdmin
from core.admin.base import done_to_each, error_message
from core.errors import Conflict, DomainError, ValidationFailed
from providers.admin.title_covers import cover_response
from providers.matching.reasons import reason_told
from providers.models import DECIDED_BY_PEOPLE, ProviderTitle
from providers.selectors.episodes import provider_episodes
from providers.selectors.queue import bests_of, next_queued, title_compared
from providers.services.enrichment import enrichment_request
from providers.services.matching import title_decide, title_match, title_reopen
from providers.services.titles import UNCONFIRMED

LIST = "admin:providers_providertitle_changelist"
CHANGE = "admin:providers_providertitle_change"
SHOWN_EPISODES = 300


class TitleList(ChangeList):
    """The rows of one page, with the titles of the anime that they may be best."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        bests = bests_of(rows)
        for row in rows:
            row.best = bests.get(row.pk)
        self.result_list = rows


@admin.register(ProviderTitle)
class ProviderTitleAdmin(BaseAdmin):
    """Rows come from providers. A person decides which anime one is; nothing else is edited here."""

    list_display = ["title", "provider", "matched", "confidence", "match_state", "latest_episode"]
    list_filter = ["match_state", "provider", "kind", "year"]
    search_fields = ["title", "slug", "native_title", "anime__title"]
    list_select_related = ["provider", "anime"]
    ordering = ["-confidence", "pk"]
    actions = ["accept_best", "match_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderTitle]:
        """Without what people asked for and no provider has told of."""
        return super().get_queryset(request).exclude(UNCONFIRMED)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("anime"), ordering="anime__title")
    def matched(self, title: ProviderTitle) -> str | SafeString:
        """Its anime; of one that nobody decided the likeliest, and why."""
        if title.anime:
            return format_html("<bdi>{}</bdi>", title.anime.title)
        if title.best is None:
            return "–"
        why = " · ".join(title.best.reasons)
        words = "<div>{} <bdi>{}</bdi><br><small>{}</small></div>"  # one box: on small screens a cell lays its parts in a row
        return format_html(words, _("perhaps"), title.best.title, why)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TitleList

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("next/", view(self.next), name="providers_providertitle_next"),
            path("<int:pk>/act/", view(require_POST(self.act)), name="providers_providertitle_act"),
            path("<int:pk>/cover/", view(self.cover), name="providers_providertitle_cover"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The desk: the title beside its candidates. Its forms go to `act`."""
        if not self.has_view_permission(request):
            raise Refused
        if not object_id.isdecimal() or len(object_id) > 18:
            return redirect(LIST)
        title = get_object_or_404(ProviderTitle.objects.select_related("provider", "anime", "decided_by"), pk=object_id)
        words = request.GET.get("words", "")[:200]
        episodes = provider_episodes([title.pk]).get(title.pk, [])
        context = {
            **self.admin_site.each_context(request),
            "title": title.title,
            "opts": self.opts,
            "original": title,
            "reasons": [reason_told(str(reason)) for reason in title.reasons],
            "compared": title_compared(title, words=words),
            "row": title,
            "words": words,
            "is_decided": title.match_state in DECIDED_BY_PEOPLE,
            "may_change": self.has_change_permission(request),
            "episodes": episodes[:SHOWN_EPISODES],
            "episode_count": len(episodes),
            "overrides": title.overrides.select_related("anime"),
        }
        return TemplateResponse(request, "admin/providers/providertitle/desk.html", context)

    def next(self, request: HttpRequest) -> HttpResponse:
        """To the title that should be decided next; to the list when none waits."""
        title = next_queued()
        return redirect(CHANGE, title.pk) if title else redirect(LIST)

    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One of the desk's buttons: choose, reject, open again, match again, read again."""
        if not self.has_change_permission(request):
            raise Refused
        title = get_object_or_404(ProviderTitle, pk=pk)
        act = _ACTS.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise ValidationFailed({"act": [_("This action does not exist.")]})
            messages.success(request, act(request, title))
        except DomainError as error:
            error_message(request, error)
            return redirect(CHANGE, pk)
        following = next_queued(title) if request.POST.get("act") in ("choose", "reject") else None
        return redirect(CHANGE, following.pk if following else pk)

    def cover(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The provider's cover through this server: no browser asks another host."""
        if not self.has_view_permission(request):
            raise Refused
        return cover_response(get_object_or_404(ProviderTitle.objects.select_related("provider"), pk=pk))

    @admin.action(description=gettext_lazy("Take the best candidate"), permissions=["change"])
    def accept_best(self, request: HttpRequest, queryset: QuerySet[ProviderTitle]) -> None:
        def accept(title: ProviderTitle) -> None:
            if title.match_state in DECIDED_BY_PEOPLE:
                raise _decided(title)
            best = next(iter(title.candidates), None)
            if best is None:
                raise ValidationFailed({title.title: [_("It has no candidate.")]})
            anime = anime_get_visible(request.user, best["anime_id"])
            title_decide(actor=request.user, title=title, anime=anime)
            enrichment_request(key_of=anime)

        self._say(request, done_to_each(request, queryset, accept))

    @admin.action(description=gettext_lazy("Match again"), permissions=["change"])
    def match_again(self, request: HttpRequest, queryset: QuerySet[ProviderTitle]) -> None:
        self._say(request, done_to_each(request, queryset, _rematch))

    def _say(self, request: HttpRequest, count: int) -> None:
        messages.success(request, ngettext("%d title changed", "%d titles changed", count) % count)

    class Media:
        css = {"all": ["css/admin-providers.css"]}


def _choose(request: HttpRequest, title: ProviderTitle) -> str:
    given = request.POST.get("anime", "")
    if not given.isdecimal() or len(given) > 18:
        raise ValidationFailed({"anime": [_("There is no such anime.")]})
    anime = anime_get_visible(request.user, int(given))
    title_decide(actor=request.user, title=title, anime=anime)
    enrichment_request(key_of=anime)
    return _("It is “%s”.") % anime.title


def _reject(request: HttpRequest, title: ProviderTitle) -> str:
    title_decide(actor=request.user, title=title, anime=None)
    return _("It is no anime of the catalogue.")


def _reopen(request: HttpRequest, title: ProviderTitle) -> str:
    title_reopen(actor=request.user, title=title)
    return _("It is open again.")


def _match(request: HttpRequest, title: ProviderTitle) -> str:
    _rematch(title)
    return _("It was matched again.")


def _rematch(title: ProviderTitle) -> None:
    """Match it, unless a person decided: `Conflict`, which says so."""
    if title_match(title=title).match_state in DECIDED_BY_PEOPLE:
        raise _decided(title)


def _decided(title: ProviderTitle) -> Conflict:
    return Conflict(_("“%s”: a person decided this, and nothing changed. Open it again first.") % title.title)


def _enrich(request: HttpRequest, title: ProviderTitle) -> str:
    enrichment_request(key_of=title, is_forced=True)
    return _("It is being read again.")


_ACTS = {"choose": _choose, "reject": _reject, "reopen": _reopen, "match": _match, "enrich": _enrich}
