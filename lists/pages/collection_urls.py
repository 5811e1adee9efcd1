"""Addresses of the pages of collections."""

from django.urls import URLPattern, path

from lists.pages import collection_board as board
from lists.pages import collection_editor as editor
from lists.pages import collection_menu, collection_social, collections

ONE = "collections/<uuid:collection_id>"

urlpatterns: list[URLPattern] = [
    path("collections", collections.collections_browse, name="collections"),
    path("collections/mine", collections.collections_mine, name="my-collections"),
    path("collections/new", editor.collection_new, name="collection-new"),
    path(ONE, collections.collection_page, name="collection"),
    path(f"{ONE}/edit", editor.collection_edit, name="collection-edit"),
    path(f"{ONE}/delete", editor.collection_delete, name="collection-delete"),
    path(f"{ONE}/items", board.items_add, name="collection-items"),
    path(f"{ONE}/items/<uuid:item_id>", board.item_change, name="collection-item"),
    path(f"{ONE}/groups", board.group_add, name="collection-groups"),
    path(f"{ONE}/groups/<uuid:group_id>", board.group_change, name="collection-group"),
    path(f"{ONE}/tiers", board.tiers_add, name="collection-tiers"),
    path(f"{ONE}/reaction", collection_social.reaction, name="collection-reaction"),
    path(f"{ONE}/favourite", collection_social.favourite, name="collection-favourite"),
    path(f"{ONE}/copy", collection_social.fork, name="collection-fork"),
    path(f"{ONE}/claim", collection_social.claim, name="collection-claim"),
    path("anime/<int:anime_id>/collections", collection_menu.anime_collections, name="anime-collections"),
]
