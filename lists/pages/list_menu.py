"""The list menu of an anime's page."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from catalog.facade import anime_outlines
from lists.models import EntryStatus, ListEntry
from lists.models.entries import NOTES_TYPED
from lists.pages.entry_forms import MENU_FIELDS, state_of, texts_of, was_of
from lists.pages.entry_rows import next_number_of
from lists.selectors.preferences import preferences_of
from lists.services.states import EntryState


def list_menu_html(request: HttpRequest, *, anime_id: int, is_open: bool = False, is_beside: bool = False) -> str:
    """The menu with the entry as it stands; the page and htmx answers share it. `is_beside`: htmx finds its place itself."""
    entry = ListEntry.objects.filter(user=request.user, anime_id=anime_id).with_score().first()
    outline = anime_outlines([anime_id]).get(anime_id)
    score_format = preferences_of(request.user).score_format
    state = state_of(entry, with_tags=False) or EntryState()
    texts = texts_of(state, score_format)
    total = outline.episode_count if outline else None
    context = {
        "anime_id": anime_id,
        "entry": entry,
        "state": state,
        "texts": texts,
        "was": was_of(texts if entry else {**texts, "status": ""}, MENU_FIELDS),
        "score_format": score_format,
        "total": total,
        "percent": min(100, round(100 * state.episodes_watched / total)) if total else 0,
        "next_number": next_number_of(state.status, state.episodes_watched, total) if entry else 1,
        "statuses": EntryStatus.choices,
        "notes_limit": max(NOTES_TYPED, len(state.notes)),
        "is_open": is_open,
        "is_beside": is_beside,
    }
    return render_to_string("lists/list_menu.html", context, request=request)
