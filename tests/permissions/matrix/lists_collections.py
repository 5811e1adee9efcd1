"""Rows of collections: a public one of the owner's with an item and a group, and a private one nobody else sees."""

from typing import Any

from lists.models import Collection, CollectionItem
from lists.services.challenges import challenge_set
from lists.services.collection_groups import group_create
from lists.services.collection_items import ItemDraft, items_add
from lists.services.collections import collection_create
from tests.permissions.rows import EVERYONE, SIGNED_IN, SIGNED_IN_204, Row

_C = "api/v1/collections"
_ONE = f"{_C}/<uuid:id>"
_ADMIN = "api/v1/admin/collections"
OWNER = "401 200 404 404 404 404 404"
OWNER_201 = "401 201 404 404 404 404 404"
OWNER_204 = "401 204 404 404 404 404 404"
OWN_READ = "404 200 404 404 404 404 404"
SIGNED_IN_201 = "401 201 201 201 201 201 201"
ADMINS = "401 403 403 403 403 200 200"


def setup(world: Any) -> None:
    """The owner's collections; the private one has the same in it."""
    owner = world.owner
    world.collection = collection_create(actor=owner, title="Shelf", visibility="public")
    world.own_collection = collection_create(actor=owner, title="Drawer")
    for found in (world.collection, world.own_collection):
        items_add(actor=owner, collection=found, drafts=[ItemDraft(anime_id=world.anime.pk)])
        group_create(actor=owner, collection=found, name="Top")
    world.coin_challenge = collection_create(actor=owner, title="Challenge", visibility="public")
    challenge_set(actor=world.users["admin"], collection=world.coin_challenge, is_challenge=True, coin_reward=5)


def _of(name: str, tail: str = "") -> Any:
    """The address of one of the owner's collections; `{item}` and `{group}` are what is in it."""

    def _path(world: Any) -> str:
        found: Collection = getattr(world, name)
        group = found.groups.get().pk if "{group}" in tail else ""
        return f"/{_C}/{found.pk}" + tail.format(item=_item(world, name), group=group)

    return _path


def _item(world: Any, name: str) -> str:
    found = CollectionItem.objects.filter(collection=getattr(world, name)).first()
    return str(found.pk) if found else ""


def _rows(name: str, *, is_private: bool) -> list[Row]:
    """Every route of one collection, as the actors meet it."""
    read, signed = (OWN_READ, OWNER) if is_private else (EVERYONE, SIGNED_IN)
    made, done = (OWNER_201, OWNER_204) if is_private else (SIGNED_IN_201, SIGNED_IN_204)
    admins = "401 403 403 403 403 404 404" if is_private else ADMINS
    return [
        Row("GET", _ONE, read, path=_of(name)),
        Row("PATCH", _ONE, OWNER, path=_of(name), body=lambda w: {"title": "New"}),
        Row("DELETE", _ONE, OWNER_204, path=_of(name)),
        Row("GET", f"{_ONE}/items", read, path=_of(name, "/items")),
        Row("POST", f"{_ONE}/items", OWNER_201, path=_of(name, "/items"), body=lambda w: {"items": [{"anime_id": 7}]}),
        Row(
            "PATCH",
            f"{_ONE}/items/<uuid:item_id>",
            OWNER,
            path=_of(name, "/items/{item}"),
            body=lambda w: {"note": "n"},
        ),
        Row("DELETE", f"{_ONE}/items/<uuid:item_id>", OWNER_204, path=_of(name, "/items/{item}")),
        Row("DELETE", f"{_C}/items/<uuid:item_id>", OWNER_204, path=lambda w: f"/{_C}/items/{_item(w, name)}"),
        Row("GET", f"{_ONE}/groups", read, path=_of(name, "/groups")),
        Row(
            "POST",
            f"{_ONE}/groups",
            OWNER_201,
            path=_of(name, "/groups"),
            body=lambda w: {"name": "S", "tier_label": "S"},
        ),
        Row(
            "PATCH",
            f"{_ONE}/groups/<uuid:group_id>",
            OWNER,
            path=_of(name, "/groups/{group}"),
            body=lambda w: {"tier_label": None},
        ),
        Row("DELETE", f"{_ONE}/groups/<uuid:group_id>", OWNER_204, path=_of(name, "/groups/{group}")),
        Row("GET", f"{_ONE}/social", read, path=_of(name, "/social")),
        Row("POST", f"{_ONE}/reaction", signed, path=_of(name, "/reaction"), body=lambda w: {"reaction": "like"}),
        Row("DELETE", f"{_ONE}/reaction", done, path=_of(name, "/reaction")),
        Row("POST", f"{_ONE}/favorite", signed, path=_of(name, "/favorite")),
        Row("DELETE", f"{_ONE}/favorite", SIGNED_IN_204, path=_of(name, "/favorite")),
        Row("POST", f"{_ONE}/view", read, path=_of(name, "/view")),
        Row("POST", f"{_ONE}/fork", made, path=_of(name, "/fork")),
        Row("GET", f"{_ONE}/challenge/progress", read, path=_of(name, "/challenge/progress")),
        Row(
            "PATCH",
            f"{_ADMIN}/<uuid:id>/featured",
            admins,
            path=lambda w: f"/{_ADMIN}/{getattr(w, name).pk}/featured",
            body=lambda w: {"is_featured": True},
        ),
        Row(
            "PATCH",
            f"{_ADMIN}/<uuid:id>/challenge",
            admins,
            path=lambda w: f"/{_ADMIN}/{getattr(w, name).pk}/challenge",
            body=lambda w: {"is_challenge": True, "coin_reward": 5},
        ),
    ]


ROWS = [
    Row("GET", _C, EVERYONE),
    Row("GET", _C, SIGNED_IN, query="?visibility=private"),
    Row("POST", _C, SIGNED_IN_201, body=lambda w: {"title": "Mine"}),
    *_rows("collection", is_private=False),
    *_rows("own_collection", is_private=True),
    Row(
        "POST",
        f"{_ONE}/challenge/claim",
        "401 400 400 400 400 400 400",  # nobody has completed it: it is empty
        path=lambda w: f"/{_C}/{w.coin_challenge.pk}/challenge/claim",
    ),
    Row(
        "POST", f"{_ONE}/challenge/claim", "401 400 404 404 404 404 404", path=_of("own_collection", "/challenge/claim")
    ),
    # The matrix sends JSON, never a form with a picture.
    Row("POST", "api/uploads/list-cover", "401 415 415 415 415 415 415", body=lambda w: {"file": "a picture"}),
]
