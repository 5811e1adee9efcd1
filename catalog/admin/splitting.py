"""The page where staff make two anime of one: what goes is chosen, counted, and split off."""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Anime, AnimeKind, Episode, EpisodeKind, EpisodeSource, RelationKind, SubtitleTrack
from catalog.services.splitting import EpisodeSpan, SplitDraft, anime_split
from core.admin.base import error_message
from core.errors import DomainError

MAX_NUMBER = 99_999


class SplitForm(forms.Form):
    """What the new anime is, and what it takes from the old one."""

    title = forms.CharField(label=gettext_lazy("Its title"), max_length=500)
    kind = forms.ChoiceField(label=gettext_lazy("Type of the new anime"), choices=AnimeKind.choices)
    year = forms.IntegerField(label=gettext_lazy("Year"), required=False, min_value=1900, max_value=2200)
    relation = forms.ChoiceField(
        label=gettext_lazy("To the old one it is"),
        required=False,
        choices=[("", gettext_lazy("nothing")), *RelationKind.choices],
    )
    titles = forms.ModelMultipleChoiceField(None, required=False, widget=forms.CheckboxSelectMultiple)
    external_ids = forms.ModelMultipleChoiceField(None, required=False, widget=forms.CheckboxSelectMultiple)
    episode_kind = forms.ChoiceField(label=gettext_lazy("Type of the episodes that go"), choices=EpisodeKind.choices)
    first = forms.IntegerField(label=gettext_lazy("From"), required=False, min_value=0, max_value=MAX_NUMBER)
    last = forms.IntegerField(label=gettext_lazy("To"), required=False, min_value=0, max_value=MAX_NUMBER)
    is_renumbered = forms.BooleanField(label=gettext_lazy("They count from 1 there"), required=False)

    def __init__(self, *args: Any, anime: Anime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["titles"].queryset = anime.titles.order_by("position", "pk")
        self.fields["external_ids"].queryset = anime.external_ids.order_by("site", "value")
        self.fields["external_ids"].label_from_instance = lambda row: f"{row.get_site_display()} {row.value}"

    @property
    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in ("title", "kind", "year", "relation")]

    @property
    def span(self) -> list[forms.BoundField]:
        return [self[name] for name in ("episode_kind", "first", "last")]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "first" in given and "last" in given:
            first, last = given["first"], given["last"]
            if (first is None) != (last is None):
                self.add_error("last", _("Give both the first and the last, or neither."))
            elif first is not None and first > last:
                self.add_error("last", _("The first episode comes before the last, and none before 0."))
        return given

    def draft(self) -> SplitDraft:
        """What was chosen, as the service takes it."""
        given = self.cleaned_data
        span = None
        if given["first"] is not None:
            span = EpisodeSpan(
                first=given["first"],
                last=given["last"],
                kind=given["episode_kind"],
                is_renumbered=given["is_renumbered"],
            )
        return SplitDraft(
            fields={"title": given["title"], "kind": given["kind"], "year": given["year"]},
            title_ids=tuple(sorted(row.pk for row in given["titles"])),
            external_id_ids=tuple(sorted(row.pk for row in given["external_ids"])),
            episodes=span,
            relation=given["relation"],
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """How much a draft takes along. `seal` stands for exactly this draft: what was not looked at is not done."""

    seal: str
    titles: int
    external_ids: int
    episodes: int
    sources: int
    subtitles: int


def split_page(model_admin: ModelAdmin, request: HttpRequest, anime: Anime) -> HttpResponse:
    """The form; a POST shows what would go, and a second one with the preview's seal does it. The caller checked the role."""
    if anime.merged_into_id:
        messages.error(request, _("This anime has become part of another."))
        return redirect("admin:catalog_anime_change", anime.merged_into_id)
    initial = {"kind": anime.kind, "is_renumbered": True}
    form = SplitForm(request.POST or None, anime=anime, initial=initial)
    preview = None
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        preview = _preview(anime, draft)
        if request.POST.get("seal") == preview.seal and (made := _split(request, anime, draft)):
            return redirect("admin:catalog_anime_change", made.pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Split “%s”") % anime.title,
        "anime": anime,
        "form": form,
        "preview": preview,
    }
    return TemplateResponse(request, "admin/catalog/anime/split.html", context)


def _split(request: HttpRequest, anime: Anime, draft: SplitDraft) -> Anime | None:
    """The new anime, with a link to the old one in the message; None after a refusal, which is told."""
    try:
        made = anime_split(actor=request.user, anime=anime, draft=draft)
    except DomainError as error:
        error_message(request, error)
        return None
    old, new = ((reverse("admin:catalog_anime_change", args=[one.pk]), one.title) for one in (anime, made))
    told = _("Split: {old} and {new} are two now. Their counts of episodes are for you to set.")
    link = '<a class="underline" href="{}">{}</a>'
    messages.success(request, format_html(told, old=format_html(link, *old), new=format_html(link, *new)))
    return made


def _preview(anime: Anime, draft: SplitDraft) -> Preview:
    episodes = Episode.objects.none()
    if span := draft.episodes:
        episodes = Episode.objects.filter(anime=anime, kind=span.kind, number__range=(span.first, span.last))
    return Preview(
        seal=f"{crc32(repr(draft).encode()):x}",
        titles=len(draft.title_ids),
        external_ids=len(draft.external_id_ids),
        episodes=episodes.count(),
        sources=EpisodeSource.objects.filter(episode__in=episodes).count(),
        subtitles=SubtitleTrack.objects.filter(episode__in=episodes).count(),
    )
