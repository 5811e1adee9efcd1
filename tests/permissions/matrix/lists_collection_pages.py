"""Rows of the pages of collections: public, unlisted and private ones, the editor, the forms."""

from collections.abc import Callable
from typing import Any

from lists.models import CollectionItem
from lists.services.challenges import challenge_set
from lists.services.collection_groups import group_create
from lists.services.collection_items import ItemDraft, items_add
from lists.services.collections import collection_create
from lists.services.entries import entry_set
from tests.permissions.rows import EVERYONE, SIGNED_IN_PAGE, Row

_FORM = "302 302 302 302 302 302 302"  # signed out: to the sign-in; signed in: back to the page
_OWN = "302 200 404 404 404 404 404"  # the owner alone, staff neither: they have the admin
_OWN_FORM = "302 302 404 404 404 404 404"
_OWN_TO_READ = "404 200 404 404 404 404 404"
_ONE = "collections/<uuid:collection_id>"


def setup(world: Any) -> None:
    """`shown` (public, a challenge that only the owner may change), `board` (public, with an item and a group), `secret`
    (private) and `linked` (unlisted), all of the owner's.
    """
    owner = world.owner
    draft = ItemDraft(anime_id=world.anime.pk)

    def made(title: str, visibility: str) -> Any:
        collection = collection_create(actor=owner, title=title, visibility=visibility)
        items_add(actor=owner, collection=collection, drafts=[draft])
        return collection

    world.page_board, world.page_shown = made("Board", "public"), made("Shown", "public")
    world.page_secret, world.page_linked = made("Secret", "private"), made("Linked", "unlisted")
    world.page_group = group_create(actor=owner, collection=world.page_board, name="S", tier_label="S")
    world.page_item = CollectionItem.objects.get(collection=world.page_board)
    challenge_set(actor=world.users["admin"], collection=world.page_shown, is_challenge=True, coin_reward=10)
    for user in world.users.values():
        entry_set(user=user, anime_id=world.anime.pk, status="completed")


def _of(which: str, rest: str = "") -> Callable[[Any], str]:
    return lambda world: f"/collections/{getattr(world, f'page_{which}').pk}{rest}"


def _item(world: Any) -> str:
    return f"/collections/{world.page_board.pk}/items/{world.page_item.pk}"


def _group(world: Any) -> str:
    return f"/collections/{world.page_board.pk}/groups/{world.page_group.pk}"


def _posts(route: str, expect: str, rest: str, body: dict[str, Any] | None = None, which: str = "board") -> Row:
    return Row("POST", f"{_ONE}/{route}", expect, path=_of(which, rest), body=lambda _: body or {})


_DETAILS = {"title": "Other", "description": "", "visibility": "public"}

ROWS = [
    Row("GET", "collections", EVERYONE),
    Row("GET", "collections/mine", SIGNED_IN_PAGE),
    Row("GET", "collections/new", SIGNED_IN_PAGE),
    Row("POST", "collections/new", _FORM, body=lambda _: _DETAILS),
    Row("GET", _ONE, EVERYONE, path=_of("shown")),
    Row("GET", _ONE, EVERYONE, path=_of("linked"), query="?linked"),
    Row("GET", _ONE, _OWN_TO_READ, path=_of("secret"), query="?secret"),
    Row("GET", f"{_ONE}/edit", _OWN, path=_of("board", "/edit")),
    _posts("edit", _OWN_FORM, "/edit", _DETAILS),
    _posts("delete", _OWN_FORM, "/delete"),
    Row(
        "POST",
        f"{_ONE}/items",
        _OWN_FORM,
        path=_of("board", "/items"),
        body=lambda w: {"anime": str(w.walled.pk)},
    ),
    Row("POST", f"{_ONE}/items/<uuid:item_id>", _OWN_FORM, path=_item, body=lambda _: {"act": "remove"}),
    _posts("groups", _OWN_FORM, "/groups", {"name": "New"}),
    Row("POST", f"{_ONE}/groups/<uuid:group_id>", _OWN_FORM, path=_group, body=lambda _: {"act": "remove"}),
    _posts("tiers", _OWN_FORM, "/tiers"),
    _posts("reaction", _FORM, "/reaction", {"value": "like"}),
    Row(
        "POST",
        f"{_ONE}/reaction",
        _OWN_FORM,
        path=_of("secret", "/reaction"),
        body=lambda _: {"value": "like"},
        query="?secret",
    ),
    _posts("favourite", _FORM, "/favourite", {"is_on": "1"}),
    _posts("copy", _FORM, "/copy"),
    Row("POST", f"{_ONE}/copy", _OWN_FORM, path=_of("secret", "/copy"), query="?secret"),
    _posts("claim", _FORM, "/claim", which="shown"),
    Row(
        "POST",
        "anime/<int:anime_id>/collections",
        _FORM,
        path=lambda w: f"/anime/{w.anime.pk}/collections",
        body=lambda w: {"shown": str(w.page_board.pk), "title": "From the menu"},
    ),
]
_PAGES = {row.route for row in ROWS if row.method == "GET"}
# An address of a form alone leads whoever reads it to the page with the form, which decides what they see.
ROWS += [
    Row("GET", row.route, _FORM, path=row.path)
    for row in ROWS
    if row.method == "POST" and row.route not in _PAGES and not row.query
]
