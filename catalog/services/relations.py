"""Writes on how anime belong together."""

from django.db import transaction

from accounts.facade import User
from catalog.models import Anime, Relation
from catalog.services.anime import fields_lock
from catalog.services.changes import catalog_touch
from core.errors import Conflict

INVERSE = {
    "sequel": "prequel",
    "prequel": "sequel",
    "parent": "side_story",
    "side_story": "parent",
    "summary": "full_story",
    "full_story": "summary",
}
"""How the other one is related in turn; kinds that are not here are their own inverse."""


def relation_add(*, actor: User | None, from_anime: Anime, to_anime: Anime, kind: str) -> Relation:
    """Say that `to_anime` is the `kind` of `from_anime`, and the inverse; locks the relations of both against imports.

    Raises `Conflict` for an anime and itself.
    """
    if from_anime.pk == to_anime.pk:
        raise Conflict()
    with transaction.atomic():
        relation, _ = Relation.objects.get_or_create(from_anime=from_anime, to_anime=to_anime, kind=kind)
        Relation.objects.get_or_create(from_anime=to_anime, to_anime=from_anime, kind=INVERSE.get(kind, kind))
        for anime in (from_anime, to_anime):
            fields_lock(anime=anime, names=["relations"], actor=actor)
        catalog_touch(anime_ids=[from_anime.pk, to_anime.pk])
    return relation


def relation_remove(*, actor: User | None, relation: Relation) -> None:
    """Take a relation and its inverse away; imports do not bring them back."""
    pair = (relation.from_anime_id, relation.to_anime_id)
    with transaction.atomic():
        Relation.objects.filter(from_anime_id=pair[0], to_anime_id=pair[1], kind=relation.kind).delete()
        Relation.objects.filter(
            from_anime_id=pair[1], to_anime_id=pair[0], kind=INVERSE.get(relation.kind, relation.kind)
        ).delete()
        for anime in Anime.objects.filter(pk__in=pair):
            fields_lock(anime=anime, names=["relations"], actor=actor)
        catalog_touch(anime_ids=list(pair))
