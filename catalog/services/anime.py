"""Writes on an anime by people: create, edit, take down, put back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.importing.languages import language_of
from catalog.importing.naming import slug_of
from catalog.importing.precedence import STAFF, STUB
from catalog.models import DESCRIBED_FIELDS, Anime, FieldProvenance, Title, TitleKind, Visibility
from catalog.services.anime_values import values_clean
from catalog.services.changes import catalog_touch
from catalog.services.stubs import stub_ids_doubt
from core.errors import ValidationFailed

MAX_INTEGER = 2**31 - 1  # what PostgreSQL keeps in an integer column

EDITABLE = frozenset(
    {
        *DESCRIBED_FIELDS,
        "poster",
        "banner",
        "poster_url",
        "banner_url",
        "trailer_url",
        "colour",
    }
)
"""What `anime_create` and `anime_update` take; visibility has services of its own, scores come from raters."""


def anime_create(*, actor: User | None, **fields: Any) -> Anime:
    """A new anime by staff. Raises `ValidationFailed` for an unknown field or a value that its column does not take."""
    anime = Anime(origin=STAFF)
    _assign(anime, fields)
    if not anime.slug:
        anime.slug = slug_of(anime.title, anime.title_english)
    _validate(anime)
    with transaction.atomic():
        anime.save(force_insert=True)
        _titles_store(anime, {"title", "title_english", "title_native"})
        fields_lock(anime=anime, names=fields, actor=actor)
        catalog_touch(anime_ids=[anime.pk])
    return anime


def anime_update(*, actor: User | None, anime: Anime, **fields: Any) -> Anime:
    """Set fields of an anime; those that change are locked, so that no import overwrites what a person decided.

    A new name joins the anime's titles. Raises `ValidationFailed` as `anime_create` does.
    """
    with transaction.atomic():
        anime = Anime.objects.select_for_update().get(pk=anime.pk)
        changed = _assign(anime, fields)
        if not changed:
            return anime
        _validate(anime)
        if anime.origin == STUB:
            # No longer what a list said: it is shown now; what staff did not set still yields to every import.
            anime.origin = ""
            stub_ids_doubt(anime)
        anime.save(update_fields=[*changed, "origin", "updated_at"])
        _titles_store(anime, changed)
        fields_lock(anime=anime, names=changed, actor=actor)
        catalog_touch(anime_ids=[anime.pk, *_neighbours(anime)])
    return anime


def anime_hide(*, actor: User | None, anime: Anime, reason: str) -> Anime:
    """Take an anime down: 410 for all but testers and admins. `reason` may be empty."""
    return _visibility_set(actor, anime, Visibility.HIDDEN, reason)


def anime_restrict(*, actor: User | None, anime: Anime, reason: str) -> Anime:
    """Keep the page and close the player. Raises `ValidationFailed` without a reason: it is shown to everybody."""
    if not reason.strip():
        raise ValidationFailed({"reason": [_("Say why: everybody who opens the player reads it.")]})
    return _visibility_set(actor, anime, Visibility.PLAYER_RESTRICTED, reason)


def anime_publish(*, actor: User | None, anime: Anime) -> Anime:
    """Show an anime to everybody again."""
    return _visibility_set(actor, anime, Visibility.PUBLIC, "")


def fields_lock(*, anime: Anime, names: Any, actor: User | None) -> None:
    """Note that a person set these fields (or collections: `titles`, `genres`, `relations`, `episodes`, …) and lock them.

    The caller holds a transaction.
    """
    FieldProvenance.objects.bulk_create(
        [
            FieldProvenance(anime=anime, field=name, source=STAFF, is_locked=True, set_by=actor, set_at=timezone.now())
            for name in sorted(names)
        ],
        update_conflicts=True,
        unique_fields=["anime", "field"],
        update_fields=["source", "is_locked", "set_by", "set_at"],
    )


def _visibility_set(actor: User | None, anime: Anime, visibility: Visibility, reason: str) -> Anime:
    with transaction.atomic():
        anime = Anime.objects.select_for_update().get(pk=anime.pk)
        reason = reason.strip()[:500]
        if (anime.visibility, anime.moderation_reason) == (visibility, reason):
            return anime
        anime.visibility, anime.moderation_reason = visibility, reason
        anime.save(update_fields=["visibility", "moderation_reason", "updated_at"])
        fields_lock(anime=anime, names=["visibility"], actor=actor)
        catalog_touch(anime_ids=[anime.pk, *_neighbours(anime)])
    return anime


def _neighbours(anime: Anime) -> list[int]:
    """The anime whose documents name this one."""
    return list(anime.incoming_relations.values_list("from_anime_id", flat=True))


def _assign(anime: Anime, fields: dict[str, Any]) -> list[str]:
    """Set the fields and give back the names of those that differ."""
    if unknown := sorted(set(fields) - EDITABLE):
        raise ValidationFailed({name: [_("This field cannot be set.")] for name in unknown})
    fields = values_clean(anime, fields)
    changed = [name for name, value in fields.items() if getattr(anime, name) != value]
    for name in changed:
        setattr(anime, name, fields[name])
    return changed


def _validate(anime: Anime) -> None:
    try:
        anime.full_clean(validate_unique=False)
    except ValidationError as error:
        raise ValidationFailed(error.message_dict) from error
    wrong: dict[str, list[str]] = {}
    if anime.start_date and anime.end_date and anime.end_date < anime.start_date:
        wrong["end_date"] = [_("It ends before it starts.")]
    if anime.year is not None and not 1900 <= anime.year <= 2200:
        wrong["year"] = [_("A year from 1900 to 2200.")]
    for name in ("episode_count", "duration_seconds"):
        if (getattr(anime, name) or 0) > MAX_INTEGER:
            wrong[name] = [_("This number is too large.")]
    if wrong:
        raise ValidationFailed(wrong)


def _titles_store(anime: Anime, changed: Any) -> None:
    """Names that a person gave are found by search as all others are; a former main title stays as an official one."""
    wanted = (
        ("title", TitleKind.MAIN, lambda text: language_of(text, latin="ja-Latn")),
        ("title_english", TitleKind.OFFICIAL, lambda text: "en"),
        ("title_native", TitleKind.OFFICIAL, lambda text: language_of(text, han="ja", latin="ja")),
    )
    for name, kind, language in wanted:
        text = getattr(anime, name)
        if name not in changed or not text:
            continue
        if kind == TitleKind.MAIN:
            for former in anime.titles.filter(kind=TitleKind.MAIN).exclude(text=text):
                _title_demote(former)
        Title.objects.get_or_create(anime=anime, text=text, language=language(text), kind=kind)


def _title_demote(title: Title) -> None:
    same = Title.objects.filter(anime_id=title.anime_id, text=title.text, language=title.language)
    if same.exclude(pk=title.pk).exists():
        title.delete()
    else:
        title.kind = TitleKind.OFFICIAL
        title.save(update_fields=["kind"])
