"""The editor's board: anime are added, moved and removed, groups are made and ordered. Forms and scripts use one address each."""

import uuid
from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.facade import User
from core.errors import DomainError, NotFound, ValidationFailed
from lists.access_collections import get_collection, get_group, get_item
from lists.models import Collection, CollectionGroup, CollectionItem
from lists.pages.collection_answers import form_answer, is_fetch, posted_from, words_of
from lists.pages.collection_views import items_of
from lists.selectors.collections import collection_groups, collection_items
from lists.services import collection_groups as groups
from lists.services import collection_items as items
from lists.services.tier_lists import tier_list_make

of_editor = posted_from("collection-edit", "collection_id")


@of_editor
@login_required
def items_add(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """`anime`: our ids with commas, `group`: where to, "" unsorted. A script gets the new items as HTML."""
    collection, actor = get_collection(request.user, collection_id, is_owned=True), cast(User, request.user)
    try:
        drafts = [items.ItemDraft(anime_id=number) for number in _numbers(request.POST.get("anime", ""))]
        group_id = _group_id(request.POST.get("group", ""))
        added = items.items_add(actor=actor, collection=collection, drafts=drafts, group_id=group_id)
    except DomainError as error:
        if is_fetch(request) or isinstance(error, NotFound):
            raise
        messages.error(request, words_of(error))
    else:
        if is_fetch(request):
            return _items_html(request, collection, {item.pk for item in added.items})
        count = len(added.items)
        messages.success(request, ngettext("%(n)s anime was added.", "%(n)s anime were added.", count) % {"n": count})
    kept = {name: request.POST.get(name, "") for name in ("q", "mine")} | {"to": request.POST.get("group", "")}
    query = urlencode({name: value for name, value in kept.items() if value})
    return redirect(f"{_editor(collection)}?{query}#found" if query else _editor(collection))


@of_editor
@login_required
def item_change(request: HttpRequest, collection_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    """`act`: earlier, later, move (`group`, and `index` unless it is the end), note (`note`), remove."""
    collection, actor = get_collection(request.user, collection_id, is_owned=True), cast(User, request.user)
    item = get_item(actor, item_id, collection_id=collection.pk)
    act = _ITEM_ACTS.get(request.POST.get("act", ""))
    if act is None:
        return HttpResponseBadRequest()
    stays = request.POST["act"] in ("earlier", "later")
    back = f"?item={item.pk}#item-panel" if stays else "" if request.POST["act"] == "remove" else f"#i-{item.pk}"
    return form_answer(request, _editor(collection) + back, lambda: act(request, actor, item))


@of_editor
@login_required
def group_add(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """A new group: `name`, and `tier_label` for a row of a tier list."""
    collection, actor = get_collection(request.user, collection_id, is_owned=True), cast(User, request.user)
    name, label = request.POST.get("name", ""), request.POST.get("tier_label", "").strip()
    return form_answer(
        request,
        _editor(collection),
        lambda: groups.group_create(actor=actor, collection=collection, name=name, tier_label=label or None),
    )


@of_editor
@login_required
def tiers_add(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """The rows S, A, B, C, D."""
    collection, actor = get_collection(request.user, collection_id, is_owned=True), cast(User, request.user)
    return form_answer(request, _editor(collection), lambda: tier_list_make(actor=actor, collection=collection))


@of_editor
@login_required
def group_change(request: HttpRequest, collection_id: uuid.UUID, group_id: uuid.UUID) -> HttpResponse:
    """`act`: earlier, later, move (`index` from 0), save (`name`, `tier_label`, `description`), remove."""
    collection, actor = get_collection(request.user, collection_id, is_owned=True), cast(User, request.user)
    group = get_group(actor, group_id, collection_id=collection.pk)
    act = _GROUP_ACTS.get(request.POST.get("act", ""))
    if act is None:
        return HttpResponseBadRequest()
    back = "" if request.POST["act"] == "remove" else f"#g-{group.pk}"
    return form_answer(request, _editor(collection) + back, lambda: act(request, actor, group))


def _editor(collection: Collection) -> str:
    return reverse("collection-edit", args=[collection.pk])


def _items_html(request: HttpRequest, collection: Collection, ids: set[uuid.UUID]) -> HttpResponse:
    shown = [item for item in items_of(request, collection, with_statuses=False) if item.id in ids]
    return render(request, "lists/collections/partials/board_items.html", {"collection": collection, "items": shown})


def _numbers(raw: str) -> list[int]:
    """Raises `ValidationFailed` for what is not ids with commas."""
    parts = raw.split(",")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise ValidationFailed({"anime": [_("No anime is called so.")]})
    return [int(part) for part in parts]


def _group_id(raw: str) -> uuid.UUID | None:
    """ "" is no group. Raises `ValidationFailed`."""
    try:
        return uuid.UUID(raw) if raw else None
    except ValueError:
        raise ValidationFailed({"group": [_("This collection has no such group.")]}) from None


def _beside(actor: User, item: CollectionItem) -> list[uuid.UUID]:
    """Ids of the items of the same group, in order."""
    rows = collection_items(actor, item.collection)
    return [row.item.pk for row in rows if row.item.group_id == item.group_id]


def _step(actor: User, item: CollectionItem, by: int) -> None:
    place = _beside(actor, item).index(item.pk) + by
    if place >= 0:
        items.item_move(actor=actor, item=item, group_id=item.group_id, index=place)


def _move(request: HttpRequest, actor: User, item: CollectionItem) -> None:
    group_id, index = _group_id(request.POST.get("group", "")), _index(request)
    items.item_move(actor=actor, item=item, group_id=group_id, index=items.ITEMS_LIMIT if index is None else index)


def _index(request: HttpRequest) -> int | None:
    """The place that was asked for; None where none was. Raises `ValidationFailed`."""
    raw = request.POST.get("index", "")
    if raw and not (raw.isascii() and raw.isdigit() and len(raw) < 7):
        raise ValidationFailed({"index": [_("A whole number from 0 on.")]})
    return int(raw) if raw else None


def _note(request: HttpRequest, actor: User, item: CollectionItem) -> None:
    items.item_update(actor=actor, item=item, note=request.POST.get("note", "").replace("\r\n", "\n"))


def _group_step(actor: User, group: CollectionGroup, by: int) -> None:
    rows = [row.pk for row in collection_groups(group.collection)]
    groups.group_move(actor=actor, group=group, index=max(0, rows.index(group.pk) + by))


def _group_move(request: HttpRequest, actor: User, group: CollectionGroup) -> None:
    index = _index(request)
    groups.group_move(actor=actor, group=group, index=groups.GROUPS_LIMIT if index is None else index)


def _group_save(request: HttpRequest, actor: User, group: CollectionGroup) -> None:
    groups.group_update(
        actor=actor,
        group=group,
        name=request.POST.get("name", ""),
        tier_label=request.POST.get("tier_label", "").strip() or None,
        description=request.POST.get("description", "").replace("\r\n", "\n"),
    )


_ITEM_ACTS: dict[str, Callable[[HttpRequest, User, CollectionItem], object]] = {
    "earlier": lambda request, actor, item: _step(actor, item, -1),
    "later": lambda request, actor, item: _step(actor, item, 1),
    "move": _move,
    "note": _note,
    "remove": lambda request, actor, item: items.item_remove(actor=actor, item=item),
}
_GROUP_ACTS: dict[str, Callable[[HttpRequest, User, CollectionGroup], object]] = {
    "earlier": lambda request, actor, group: _group_step(actor, group, -1),
    "later": lambda request, actor, group: _group_step(actor, group, 1),
    "move": _group_move,
    "save": _group_save,
    "remove": lambda request, actor, group: groups.group_delete(actor=actor, group=group),
}
