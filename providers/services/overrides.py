"""What people say of a provider's numbers: it stands above every rule, and rescans never touch it."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import anime_outlines
from core import generation
from core.errors import ValidationFailed
from providers.models import NumberingOverride, ProviderTitle
from providers.numbering.facts import SPECIAL
from providers.numbering.places import MOST
from providers.numbering.seasons import REGULAR
from providers.services.episode_sources import sources_sync

MAX_NUMBER, MAX_SEASON = 2**31 - 1, 32_767
KINDS = (REGULAR, SPECIAL)


def override_set(
    *,
    actor: User | None,
    title: ProviderTitle,
    first: int,
    last: int | None = None,
    season: int | None = None,
    anime: Any | None = None,
    target_kind: str = REGULAR,
    target_first: int = 1,
) -> NumberingOverride:
    """Say that the provider's episodes `first`–`last` of its `season` are those of `anime` (a row of the catalogue) from
    `target_first` on; without an anime, that they are none of ours. What begins at the same number replaces what was said.

    `last` None is all that follows, `season` None whichever it names; entries without a number count as 0. The title's
    sources move at once. Raises `ValidationFailed` for numbers that make no sense and ranges that overlap.
    """
    wrong = {
        **_wrong_numbers(first, last, season),
        **(_wrong_target(anime.pk, target_kind, target_first, first, last) if anime else {}),
    }
    if wrong:
        raise ValidationFailed(wrong)
    with transaction.atomic():
        held = ProviderTitle.objects.select_for_update(of=("self",)).get(pk=title.pk)
        if clash := _overlapping(held, season, first, last):
            words = _(
                "These numbers overlap with those of another override ({range}): change or delete that one first."
            )
            raise ValidationFailed({"first": [words.format(range=f"{clash.first}–{clash.last or ''}")]})
        row, _made = NumberingOverride.objects.update_or_create(
            title=held,
            season=season,
            first=first,
            defaults={
                "last": last,
                "anime": anime,
                "target_kind": target_kind,
                "target_first": target_first,
                "set_by": actor,
            },
        )
        _episodes_move(held)
    return row


def override_delete(*, actor: User | None, override: NumberingOverride) -> None:
    """Take back what was said; the title's episodes are placed by the rules again, at once."""
    with transaction.atomic():
        title = ProviderTitle.objects.select_for_update(of=("self",)).get(pk=override.title_id)
        NumberingOverride.objects.filter(pk=override.pk).delete()
        _episodes_move(title)


def _episodes_move(title: ProviderTitle) -> None:
    sources_sync(title=title)
    generation.bump_on_commit()  # lists are kept with the places of their episodes, those without sources, too


def _wrong_numbers(first: int, last: int | None, season: int | None) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if not 0 <= first <= MAX_NUMBER:
        wrong["first"] = [_("This is no number of an episode.")]
    if last is not None and not first <= last <= MAX_NUMBER:
        wrong["last"] = [_("The range ends before it begins.")]
    if season is not None and not 0 <= season <= MAX_SEASON:
        wrong["season"] = [_("This is no number of a season.")]
    return wrong


def _wrong_target(anime_id: int, kind: str, target_first: int, first: int, last: int | None) -> dict[str, list[str]]:
    """What is wrong with where the episodes should go."""
    outline = anime_outlines([anime_id]).get(anime_id)
    if outline is None:
        return {"anime": [_("There is no such anime.")]}
    if kind not in KINDS:
        return {"target_kind": [_("Episodes are regular ones or specials.")]}
    if not (0 if kind == SPECIAL else 1) <= target_first <= MOST:
        return {"target_first": [_("This is no number of an episode.")]}
    end = target_first + (last - first if last is not None else 0)
    if end > MOST:
        return {"last": [_("No anime has as many episodes.")]}
    return {}


def _overlapping(title: ProviderTitle, season: int | None, first: int, last: int | None) -> NumberingOverride | None:
    """Another override of the same season (or of any) that says something of these numbers. The caller holds the title."""
    others = title.overrides.filter(season=season).exclude(first=first)
    if last is not None:
        others = others.filter(first__lte=last)
    return others.filter(Q(last=None) | Q(last__gte=first)).order_by("first").first()
