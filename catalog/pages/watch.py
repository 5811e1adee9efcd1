"""The watch page."""

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.facade import edits_timecodes, player_preferences
from catalog.access import get_anime
from catalog.errors import PlayerRestricted
from catalog.models import Anime, Episode, OfficialLink
from catalog.pages.cards import anime_path, title_pick
from catalog.querysets.links import OPENABLE
from catalog.selectors.playback import Playback, playback_of
from core.errors import NotFound
from core.site.preferences import title_language_of

_HOSTS = [f"https://{host}" for host in settings.PLAYER_HOSTS]
NEARBY = 60
DIRECT = ("hls", "mp4")


@require_safe
@csp_update({"media-src": _HOSTS, "connect-src": _HOSTS, "frame-src": ["'self'", *_HOSTS]})  # type: ignore[arg-type]
def watch(request: HttpRequest, anime_id: int, number: int) -> HttpResponse:
    """Player, episodes, what comes next. A restricted anime shows its reason with 403; an unknown episode is 404."""
    try:
        anime = get_anime(request.user, anime_id, for_player=True)
    except PlayerRestricted as refused:
        context = {"anime": get_anime(request.user, anime_id), "reason": refused.extra["moderation_reason"]}
        return render(request, "catalog/watch_restricted.html", context, status=403)
    playback = playback_of(anime, number)
    if playback.episode is None:
        raise NotFound()
    return render(request, "catalog/watch.html", _context(request, playback))


def _context(request: HttpRequest, playback: Playback) -> dict[str, Any]:
    direct = [source for source in playback.sources if source["kind"] in DIRECT]
    embeds = [source for source in playback.sources if source["kind"] == "embed"]
    return {
        "anime": playback.anime,
        "title": _title(request, playback.anime),
        "playback": playback,
        "player": player_data(request, playback),
        "direct": direct,
        "embed": embeds[0] if embeds and not direct else None,
        "official": [] if playback.sources else list(OfficialLink.objects.filter(OPENABLE, anime=playback.anime)[:8]),
        "nearby": _nearby(playback),
    }


def _nearby(playback: Playback) -> list[Episode]:
    """The episodes around this one: a series of a thousand would make a page of a megabyte."""
    at = playback.episodes.index(playback.episode) if playback.episode else 0
    start = max(0, min(at - NEARBY // 3, len(playback.episodes) - NEARBY))
    return playback.episodes[start : start + NEARBY]


def player_data(request: HttpRequest, playback: Playback) -> dict[str, Any]:
    """What the page hands to `static/js/player/`: one JSON element, times in seconds."""
    anime, episode = playback.anime, playback.episode
    is_known = request.user.is_authenticated
    return {
        "anime": {"id": anime.id, "title": _title(request, anime), "url": anime_path(anime.id, anime.slug)},
        "episode": {"number": playback.number, "title": episode.title if episode else ""},
        "sources": playback.sources,
        "subtitles": playback.subtitles,
        "timecodes": playback.timecodes,
        "previous": _neighbour(playback, playback.previous),
        "next": _neighbour(playback, playback.next),
        "signed_in": is_known,
        "csrf": get_token(request) if is_known else "",
        "edits_timecodes": edits_timecodes(request.user),
        "preferences": player_preferences(request.user),
        "urls": {
            "me": reverse("users-me"),
            "progress": reverse("api-progress"),
            "beacon": reverse("progress-beacon"),
            "timecodes": reverse("api-staff-timecode", args=[anime.id, playback.number]),
        },
        "vendor": vendor_addresses(),
        "labels": labels(),
    }


def _title(request: HttpRequest, anime: Anime) -> str:
    card = {name: getattr(anime, name) for name in ("title", "title_english", "title_native", "country")}
    return title_pick(card, title_language_of(request))[0]


def _neighbour(playback: Playback, episode: Episode | None) -> dict[str, Any] | None:
    if episode is None:
        return None
    address = reverse("watch", args=[playback.anime.id, episode.number])
    return {"number": episode.number, "title": episode.title, "url": address}


def vendor_addresses() -> dict[str, str]:
    """The libraries that the player loads when it needs them."""
    return {
        "hls": static("vendor/hls.js-1.7.4/hls.min.mjs"),
        "hlsWorker": static("vendor/hls.js-1.7.4/hls.worker.js"),
        "octopus": static("vendor/libass-wasm-4.1.0/subtitles-octopus.js"),
        "octopusWorker": static("vendor/libass-wasm-4.1.0/subtitles-octopus-worker.js"),
        "font": static("vendor/m-plus-1p-0.4.2/m-plus-1p.ttf"),
    }


def labels() -> dict[str, str]:
    """The words of the player, in the page's language."""
    return {
        "skipOpening": _("Skip opening"),
        "skipEnding": _("Skip ending"),
        "resumedAt": _("Resumed at %s"),
        "allFailed": _("None of the sources of this episode plays right now."),
        "switched": _("The source failed; going on with %s"),
        "failed": _("failed"),
        "version": _("Version"),
        "original": _("Original"),
        "sub": _("Sub"),
        "dub": _("Dub"),
        "raw": _("Raw"),
        "audio": _("Audio"),
        "quality": _("Quality"),
        "source": _("Source"),
        "speed": _("Speed"),
        "normal": _("Normal"),
        "auto": _("Automatic"),
        "subtitles": _("Subtitles"),
        "subtitlesOff": _("Subtitles off"),
        "off": _("Off"),
        "saved": _("Saved."),
        "autoNext": _("Play the next episode by itself"),
        "autoPlay": _("Start playing by itself"),
        "autoSkipOpening": _("Skip openings by itself"),
        "autoSkipEnding": _("Skip endings by itself"),
        "keys": _("Keyboard keys"),
    }
