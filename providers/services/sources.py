"""What staff decide of an anime: its fields by hand, or which source a field follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import (
    CHOOSABLE,
    AnimeCollections,
    anime_describe,
    anime_fields_lock,
    anime_fields_release,
    anime_get_visible,
)
from core.errors import ValidationFailed
from providers.metadata.registry import client_classes
from providers.models import FieldSource, Provider, ProviderRole
from providers.services.snapshots import Merged, stored_merge

STAFF = "staff"
"""As a source: the value stays as it is now."""


@dataclass(frozen=True, slots=True)
class Written:
    """An anime after staff wrote it; `changed` names the fields and collections that are different now."""

    anime_id: int
    changed: tuple[str, ...]


def anime_enter(*, actor: User, fields: Mapping[str, Any], collections: AnimeCollections) -> Written:
    """A new anime by hand. Raises `ValidationFailed`; nothing is left of one that is refused."""
    found = anime_describe(actor=actor, anime=None, fields=fields, collections=collections)
    return Written(found.anime.pk, found.changed)


def anime_edit(*, actor: User, anime_id: int, fields: Mapping[str, Any], collections: AnimeCollections) -> Written:
    """Set what is given; what differs is locked and follows no source any more. Raises `NotFound`, `ValidationFailed`."""
    with transaction.atomic():
        anime = anime_get_visible(actor, anime_id)
        found = anime_describe(actor=actor, anime=anime, fields=fields, collections=collections)
        FieldSource.objects.filter(anime=anime, field__in=found.changed).delete()
    return Written(found.anime.pk, found.changed)


def sources_known() -> set[str]:
    """Every name that a field may follow."""
    titles = Provider.objects.filter(role=ProviderRole.TITLES).values_list("name", flat=True)
    return {STAFF, *client_classes(), *titles}


def sources_set(*, actor: User, anime_id: int, choices: Mapping[str, str | None]) -> Merged:
    """Say which source fields follow, whatever the ranks say, and merge what is stored of it at once.

    None gives a field back to the ranks; `STAFF` locks it as it is. A choice undoes a lock: it is the later word of a
    person. Raises `NotFound`, and `ValidationFailed` for a field or a source that there is none of; then nothing changes.
    """
    anime = anime_get_visible(actor, anime_id)
    _check(choices)
    kept = [name for name, source in choices.items() if source == STAFF]
    followed = {name: source for name, source in choices.items() if source not in (None, STAFF)}
    with transaction.atomic():
        # The anime's row is held first, as by everybody who writes it.
        anime_fields_release(actor=actor, anime_id=anime.pk, names=[name for name in choices if name not in kept])
        if kept:
            anime_fields_lock(anime=anime, names=kept, actor=actor)
        FieldSource.objects.filter(anime=anime, field__in=[name for name in choices if name not in followed]).delete()
        for name, source in sorted(followed.items()):
            FieldSource.objects.update_or_create(anime=anime, field=name, defaults={"source": source, "set_by": actor})
    return stored_merge(anime_id=anime.pk)


def _check(choices: Mapping[str, str | None]) -> None:
    wrong: dict[str, list[str]] = {name: [_("No such field.")] for name in choices if name not in CHOOSABLE}
    known = sources_known()
    for name, source in choices.items():
        if source is not None and source not in known:
            wrong.setdefault(name, []).append(_("No such source."))
    if not choices:
        wrong = {"sources": [_("Name at least one field.")]}
    if wrong:
        raise ValidationFailed(wrong)
