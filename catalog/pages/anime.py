"""The page of one anime."""

import datetime
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from accounts.facade import sees_hidden
from catalog.access import check_adult, get_anime
from catalog.documents.cards import image_build
from catalog.models import (
    AgeRating,
    Anime,
    AnimeSource,
    AnimeStatus,
    Episode,
    RelationKind,
    SeasonName,
    Site,
    StudioRole,
)
from catalog.pages.cards import CardView, Image, anime_path, card_view, image_of, score_text, title_pick
from catalog.selectors.calendar import next_airing
from catalog.selectors.details import anime_detail
from catalog.selectors.episode_list import EpisodeList, episode_list
from catalog.selectors.franchise import franchise
from catalog.selectors.rating_plot import rating_plot
from catalog.selectors.similar import anime_similar
from core.site.preferences import TitleLanguage, title_language_of

SIMILAR = 12
RELATED_FROM = 2


_RUNNING = (AnimeStatus.AIRING, AnimeStatus.UPCOMING)


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the fact sheet: a text (with a query of browse behind it) or days."""

    name: str
    text: str = ""
    query: str = ""
    days: tuple[datetime.date, ...] = ()


@require_safe
def anime(request: HttpRequest, anime_id: int, slug: str = "") -> HttpResponse:
    """Everything that is known of an anime; another slug leads to the right one, htmx gets a range of episodes."""
    found = get_anime(request.user, anime_id)
    check_adult(request.user, found.is_adult)
    if getattr(request, "htmx", False):
        return render(request, "catalog/partials/episodes.html", episodes_context(request, found))
    if request.path != (right := anime_path(found.pk, found.slug)):
        return redirect(right)
    return render(request, "catalog/anime.html", page_context(request, found))


def page_context(request: HttpRequest, found: Anime) -> dict[str, Any]:
    """All sections of the page; the number of queries does not depend on how much there is."""
    detail = orjson.loads(anime_detail(request.user, found.pk).text)
    language = title_language_of(request)
    item = card_view(detail, language)
    related = related_of(request, found, language)
    return {
        "detail": detail,
        "item": item,
        "banner": image_of(detail["banner"]),
        "alternatives": [name for name in _names(detail) if name[0] != item.title],
        "facts": facts_of(detail),
        "studios": [studio for studio in detail["studios"] if studio["role"] == StudioRole.STUDIO],
        "tags": [tag for tag in detail["tags"] if not tag["is_spoiler"]],
        "spoiler_tags": [tag for tag in detail["tags"] if tag["is_spoiler"]],
        "first_playable": next((episode["number"] for episode in detail["streaming"]["episodes"]), None),
        "next_airing": next_airing(found, timezone.now()) if found.status in _RUNNING else None,
        "scores": scores_of(detail),
        "scores_synced_at": _moment(detail["external_scores_synced_at"]),
        "related": related if len(related) >= RELATED_FROM else [],
        "similar": similar_of(request, found, language),
        "plot": rating_plot(found.pk),
        **episodes_context(request, found),
    }


def episodes_context(request: HttpRequest, found: Anime) -> dict[str, Any]:
    """The chosen range of episodes (`?from=`) with titles in the site's language."""
    raw = request.GET.get("from", "")
    around = int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 6 else None
    shown: EpisodeList = episode_list(found.pk, around=around)
    has_stills = any(episode.still for episode in shown.episodes)
    has_names = any(episode.title for episode in shown.episodes)
    return {
        "anime_id": found.pk,
        "anime_href": anime_path(found.pk, found.slug),
        "shown": shown,
        "rows": [episode_row(episode) for episode in shown.episodes],
        "extras": [episode_row(episode) for episode in shown.extras],
        "has_stills": has_stills,
        "episode_view": "stills" if has_stills else "list" if has_names else "grid",
    }


def episode_row(episode: Episode) -> tuple[Episode, str, Image | None]:
    """An episode, its title in the site's language, its still."""
    stored = episode.still
    still = None
    if stored is not None:
        fields = ("variants", "width", "height", "colour", "placeholder")
        still = {name: getattr(stored, name) for name in fields}
    return episode, episode.titles.get(get_language() or "en") or episode.title, image_of(image_build(still))


def related_of(request: HttpRequest, found: Anime, language: TitleLanguage) -> list[dict[str, Any]]:
    """The franchise in watch order, this anime among it."""
    members = franchise(found, shows_hidden=sees_hidden(request.user))
    kinds = dict(RelationKind.choices)
    return [
        {
            "item": card_view(orjson.loads(member.card), language),
            "kind": gettext("This one") if member.relation == "self" else kinds.get(member.relation, ""),
            "is_self": member.relation == "self",
            "place": member.watch_order,
        }
        for member in members
    ]


def similar_of(request: HttpRequest, found: Anime, language: TitleLanguage) -> list[CardView]:
    """Cards of what is most alike."""
    alike = anime_similar(found, limit=SIMILAR, shows_hidden=sees_hidden(request.user))
    return [card_view(orjson.loads(similar.card), language) for similar in alike]


def scores_of(detail: dict[str, Any]) -> list[dict[str, Any]]:
    """What other sites think: name, score out of ten, votes; only those that are known."""
    sites = dict(Site.choices)
    found = []
    for key, name in sites.items():
        if (value := detail.get(f"score_{key}")) is not None:
            found.append({"site": name, "score": score_text(value), "votes": detail.get(f"score_{key}_scored_by")})
    return found


def facts_of(detail: dict[str, Any]) -> list[Fact]:
    """The fact sheet, unknown things left out."""
    begun, ended = _day(detail["start_date"]), _day(detail["end_date"])
    seconds, season, year = detail["duration_seconds"], detail["season"], detail["year"]
    facts = [
        _chosen(gettext("Status"), "status", detail["status"], AnimeStatus),
        Fact(gettext("Episodes"), number_format(detail["episode_count"] or 0) if detail["episode_count"] else ""),
        Fact(
            gettext("Length"), gettext("%(minutes)s min") % {"minutes": max(1, round(seconds / 60))} if seconds else ""
        ),
        Fact(gettext("Aired"), days=tuple(day for day in dict.fromkeys((begun, ended)) if day)),
        Fact(gettext("Season"), f"{SeasonName(season).label} {year}", f"?year={year}&season={season}")
        if season and year
        else Fact(""),
        _chosen(gettext("Source"), "source", detail["source"], AnimeSource),
        _chosen(gettext("Age rating"), "age_rating", detail["rating"], AgeRating),
        Fact(
            gettext("Members"), number_format(detail["popularity"], force_grouping=True) if detail["popularity"] else ""
        ),
    ]
    return [fact for fact in facts if fact.text or fact.days]


def _chosen(name: str, parameter: str, value: str | None, choices: type[models.TextChoices]) -> Fact:
    """A fact that browse can be filtered by."""
    if not value or value == "unknown":
        return Fact(name)
    return Fact(name, str(choices(value).label), f"?{parameter}={value}")


def _names(detail: dict[str, Any]) -> list[tuple[str, str]]:
    """(title, language) of the three main titles, each once."""
    found = {title_pick(detail, language) for language in ("romaji", "english", "native")}
    return sorted(
        found, key=lambda name: ("ja-Latn", "und", "en").index(name[1]) if name[1] in ("ja-Latn", "und", "en") else 9
    )


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None
