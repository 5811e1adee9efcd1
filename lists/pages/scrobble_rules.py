"""Settings pages on which somebody says what a play of a media server was, and looks through what they said."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.facade import User
from catalog.facade import anime_cards, card_view, page_number, pages_of
from core.errors import DomainError, ValidationFailed
from core.site.preferences import title_language_of
from core.throttles import throttle_check, throttle_key
from lists.access_scrobbling import get_play, get_rule
from lists.errors import ScrobbleDecided
from lists.limits import SCROBBLE_RULES
from lists.models import ScrobblePlay, ScrobbleRule
from lists.pages.returns import error_words
from lists.scrobbling.keys import counts_in_season
from lists.selectors.scrobble_rules import candidates_of_one, plays_waiting, rules_of, titles_found, titles_waiting
from lists.selectors.scrobbles import REASONS
from lists.services.scrobble_rules import (
    RuleSet,
    is_of_all_specials,
    play_assign,
    play_ignore,
    rule_change,
    rule_remove,
)

PAGE = 25
QUERY_LENGTH = 200


def waiting_shown(user: User) -> list[dict[str, Any]]:
    """All titles that wait for the person's word, as the pages draw them. One query."""
    return [
        {
            "play": title.play,
            "count": title.count,
            "where": _where(title.play, title.numbers),
            "reason": REASONS.get(title.play.reason, ""),
        }
        for title in titles_waiting(user)
    ]


@require_GET
@never_cache
@login_required
def waiting_page(request: HttpRequest) -> HttpResponse:
    """Everything that waits, a page of titles at a time."""
    shown, current = waiting_shown(cast(User, request.user)), page_number(request.GET)
    pages = pages_of(current=current, count=len(shown), size=PAGE, href=lambda number: f"{request.path}?page={number}")
    context = {"waiting": shown[(current - 1) * PAGE : current * PAGE], "pages": pages}
    return render(request, "lists/settings/scrobble_waiting.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def play_page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One waiting play: what it may be, a search, the episode; the form chooses or ignores."""
    user = cast(User, request.user)
    play = get_play(user, id)
    error = ""
    if request.method == "POST":
        throttle_check(SCROBBLE_RULES, throttle_key(SCROBBLE_RULES, request))
        try:
            if request.POST.get("action") == "ignore":
                play_ignore(user=user, play_id=id)
                messages.success(request, _("From now on it counts for nothing."))
            else:
                done = play_assign(user=user, play_id=id, anime_id=_chosen(request), episode_number=_episode(request))
                messages.success(request, _counted_words(done))
            return redirect("settings_scrobbling")
        except ScrobbleDecided as refused:
            messages.info(request, str(refused.title))
            return redirect("settings_scrobbling")
        except DomainError as refused:
            error = error_words(refused)
    elif play.rule_id is not None:
        return redirect("settings_scrobble_rule", id=play.rule_id)
    context = {
        "is_play": True,
        "count": plays_waiting(user).filter(season_key=play.season_key).count() if counts_in_season(play) else 1,
        "reason": REASONS.get(play.reason, ""),
        "is_ignorable": True,
        "episode": play.number if counts_in_season(play) else None,
        "server": play.endpoint.get_server_display(),
        **_choices(request, play, error),
    }
    return render(request, "lists/settings/scrobble_choice.html", context, status=422 if error else 200)


@require_GET
@never_cache
@login_required
def rules_page(request: HttpRequest) -> HttpResponse:
    """The person's rules."""
    rows, current = rules_of(cast(User, request.user)), page_number(request.GET)
    pages = pages_of(
        current=current, count=rows.count(), size=PAGE, href=lambda number: f"{request.path}?page={number}"
    )
    shown = [{"rule": rule, "where": rule_where(rule)} for rule in rows[(current - 1) * PAGE : current * PAGE]]
    return render(request, "lists/settings/scrobble_rules.html", {"rules": shown, "pages": pages})


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def rule_page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One rule: change what it says, or delete it."""
    user = cast(User, request.user)
    rule = get_rule(user, id)
    error = ""
    if request.method == "POST":
        throttle_check(SCROBBLE_RULES, throttle_key(SCROBBLE_RULES, request))
        try:
            messages.success(request, _rule_act(request, user, id))
            return redirect("settings_scrobble_rules")
        except DomainError as refused:
            error = error_words(refused)
    context = {
        "rule": rule,
        "is_wide": is_of_all_specials(rule),
        "is_ignorable": not rule.is_ignored,
        "episode": rule.episode_here or (rule.number if counts_in_season(rule) else None),
        "server": rule.get_server_display(),
        **_choices(request, rule, error),
    }
    return render(request, "lists/settings/scrobble_choice.html", context, status=422 if error else 200)


def _rule_act(request: HttpRequest, user: User, rule_id: uuid.UUID) -> str:
    action = request.POST.get("action")
    if action == "delete":
        rule_remove(user=user, rule_id=rule_id)
        return _("The rule is gone. Your list stays as it is.")
    if action == "ignore":
        rule_change(user=user, rule_id=rule_id, is_ignored=True)
        return _("From now on it counts for nothing.")
    done = rule_change(user=user, rule_id=rule_id, anime_id=_chosen(request), episode_number=_episode(request))
    return _counted_words(done)


def _counted_words(done: RuleSet) -> str:
    if not done.counted:
        return _("Remembered. Nothing of it was left to count.")
    words = ngettext(
        "Remembered; %(count)s episode counted. Your history can take it back.",
        "Remembered; %(count)s episodes counted. Your history can take them back.",
        done.counted,
    )
    return words % {"count": done.counted}


def _chosen(request: HttpRequest) -> int:
    anime_id = _posted_anime(request)
    if anime_id is None:
        raise ValidationFailed({"anime_id": [_("Choose an anime first.")]})
    return anime_id


def _posted_anime(request: HttpRequest) -> int | None:
    raw = request.POST.get("anime_id", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 18 else None


def _episode(request: HttpRequest) -> int | None:
    raw = request.POST.get("episode", "").strip()
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 6):
        raise ValidationFailed({"episode_num": [_("The episode is a whole number.")]})
    return int(raw)


def _choices(request: HttpRequest, subject: ScrobblePlay | ScrobbleRule, error: str) -> dict[str, Any]:
    """What play and rule have in common: the anime to choose from, in the order of likeness, and what was typed."""
    user = cast(User, request.user)
    query = request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH]
    ids = titles_found(user, query) if query else candidates_of_one(user, subject)
    cards, language = anime_cards(user, ids), title_language_of(request)
    shown = [card_view(cards[anime_id], language) for anime_id in ids if anime_id in cards]
    present = subject.anime_id if isinstance(subject, ScrobbleRule) else None
    posted = _posted_anime(request)
    chosen = posted if posted is not None else present
    return {
        "subject": subject,
        "where": rule_where(subject) if isinstance(subject, ScrobbleRule) else _where(subject, []),
        "is_season": counts_in_season(subject),
        "is_special": subject.season == 0 and not subject.is_film,
        "cards": [{"card": card, "is_chosen": card.id == chosen} for card in shown],
        "query": query,
        "error": error,
        "posted_episode": request.POST.get("episode", ""),
        "back": reverse("settings_scrobbling" if isinstance(subject, ScrobblePlay) else "settings_scrobble_rules"),
    }


def rule_where(rule: ScrobbleRule) -> str:
    """What of the title a rule is about."""
    if is_of_all_specials(rule):
        return _("all specials")
    if counts_in_season(rule):
        return _("season %(season)s") % {"season": rule.season if rule.season is not None else 1}
    return _where(rule, [])


def _where(subject: ScrobblePlay | ScrobbleRule, numbers: list[int]) -> str:
    """ "S2 E5–8" as the server counts, with the episode's own title where it stands alone."""
    if subject.is_film:
        return _("film")
    season = f"S{subject.season}" if subject.season is not None else ""
    low, high = min(numbers, default=subject.number), max(numbers, default=subject.number)
    episode = "" if low is None else f"E{low}" if low == high else f"E{low}–{high}"
    place = " ".join(filter(None, (season, episode)))
    return f"{place} “{subject.name}”".strip() if subject.name and low == high else place
