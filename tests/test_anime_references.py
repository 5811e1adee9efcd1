"""Whatever names an anime follows it into another: one row of every table with such a key, made here, is looked for after."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.services.merging import anime_merge
from catalog.services.splitting import EpisodeSpan, SplitDraft, anime_split
from catalog.tests.factories import AnimeFactory, EpisodeFactory
from core.ids import uuid7

pytestmark = pytest.mark.django_db

NOT_MERGED = {
    "catalog.Anime.merged_into": "a chain of merges leads to the last: `test_merging`",
    "catalog.AnimeDocument.anime": "made anew from what the anime has",
    "catalog.FieldProvenance.anime": "says where the fields of a row came from that nobody reads any more",
    "providers.CoverHash.anime": "of the duplicate's poster: the one that stays has its own, or gets one",
}
"""Keys whose rows go with the duplicate, and why."""

NOT_SPLIT = {
    "social.FeedItem": "what was told is not told anew",
    "social.Post": "is about the work that its writer named",
    "catalog.BroadcastRule": "the numbers are of a rule, no episode",
}
"""Tables that name an anime and an episode by number and stay, and why."""

NUMBERS = ("episode_number", "spoils_episode", "number", "first_episode", "target_first")
ODD: dict[str, dict[str, Any]] = {
    "social.Thread": {"kind": "episode", "episode_number": 13, "anime": AnimeFactory},
    "providers.NumberingOverride": {"first": 13, "last": 13},
}
"""What a row needs that its fields do not say; classes are called."""


def keys() -> Iterator[tuple[type[models.Model], Any]]:
    """Every key to an anime, of every table."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if field.related_model is Anime:
                yield model, field


def label(model: type[models.Model], field: Any) -> str:
    return f"{model._meta.label}.{field.name}"


def row_make(model: type[models.Model], **given: Any) -> Any:
    """A row with something in every column that must have something."""
    values: dict[str, Any] = {}
    for field in model._meta.local_concrete_fields:
        if field.name in given or (field.primary_key and field.remote_field is None):
            continue
        if field.name in NUMBERS and not field.remote_field:
            values[field.name] = 13
        elif not field.null and not field.has_default():
            values[field.name] = value_of(field)
    values |= ODD.get(model._meta.label, {}) | given
    made = {name: value() if isinstance(value, type) else value for name, value in values.items()}
    return model._base_manager.create(**made)


def value_of(field: Any) -> Any:
    if field.remote_field:
        if field.related_model is Anime:
            return AnimeFactory()
        return UserFactory() if field.related_model.__name__ == "User" else row_make(field.related_model)
    if field.choices:
        return next(value for value, _label in field.choices if value != "")
    kinds: tuple[tuple[type, Any], ...] = (
        (models.DateTimeField, timezone.now()),
        (models.DateField, date(2024, 4, 5)),
        (models.BooleanField, False),
        (models.URLField, f"https://example.org/{field.model.__name__}/{UserFactory.build().username}"),
        (models.SlugField, UserFactory.build().username),
        (models.CharField, UserFactory.build().username[: field.max_length or 20]),
        (models.TextField, "text"),
        (models.BinaryField, b""),
        (models.JSONField, {}),
        (models.UUIDField, uuid7()),
        (models.FileField, "kept.xml"),
        (models.FloatField, 1.0),
        (models.IntegerField, 1),
    )
    return next(value for kind, value in kinds if isinstance(field, kind))


@pytest.mark.parametrize(("model", "field"), keys(), ids=lambda one: getattr(one, "__name__", getattr(one, "name", "")))
def test_nothing_names_a_duplicate_any_more(model: type[models.Model], field: Any) -> None:
    keep, duplicate = AnimeFactory(), AnimeFactory()
    if label(model, field) in NOT_MERGED:
        return
    row_make(model, **{field.name: duplicate})
    anime_merge(actor=None, keep=keep, duplicate=duplicate)
    named = model._base_manager.filter(**{f"{field.name}__in": [keep, duplicate]})
    assert list(named.values_list(field.attname, flat=True)) == [keep.pk], (
        f"{label(model, field)} still names the duplicate: a follower of AnimeMerged has to move it, "
        "or NOT_MERGED says why it goes with it"
    )


def of_episodes() -> list[type[models.Model]]:
    """Tables that name an anime and the number of an episode of it."""
    found = {model: model._meta.label for model, _field in keys()}
    return [model for model in found if {*NUMBERS} & {field.name for field in model._meta.local_fields}]


@pytest.mark.parametrize("model", of_episodes(), ids=lambda model: model.__name__)
def test_what_is_of_an_episode_goes_where_the_episode_goes(model: type[models.Model]) -> None:
    anime = AnimeFactory()
    if model._meta.label in ("catalog.Season", "catalog.Episode"):
        return  # are what is split: `test_splitting`
    EpisodeFactory(anime=anime, number=13)
    field = next(field for one, field in keys() if one is model)
    row_make(model, **{field.name: anime})
    made = anime_split(
        actor=None,
        anime=anime,
        draft=SplitDraft(fields={"title": "The second"}, episodes=EpisodeSpan(first=13, last=24)),
    )
    wanted = anime if model._meta.label in NOT_SPLIT else made
    name = next(name for name in NUMBERS if name in {one.name for one in model._meta.local_fields})
    # Not by its key: what people said of numbers is cut into new rows.
    found = list(model._base_manager.filter(**{f"{field.name}__in": [anime, made]}).values_list(field.attname, name))
    assert found == [(wanted.pk, 13 if wanted == anime else 1)], (
        f"{model._meta.label} stays behind: a follower of AnimeSplit has to move it, or NOT_SPLIT says why it stays"
    )


def test_the_exceptions_are_keys_that_there_are() -> None:
    assert set(NOT_MERGED) <= {label(model, field) for model, field in keys()}
    assert set(NOT_SPLIT) <= {model._meta.label for model in of_episodes()}
