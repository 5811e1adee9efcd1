"""Threat 34: what people write into collections never becomes markup, and no picture's address becomes a script."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from lists.models import Collection, CollectionItem
from lists.services.collection_groups import group_create
from lists.services.collection_items import ItemDraft, items_add
from lists.services.collections import collection_create
from social.access import get_collection_target
from social.services.comments import CommentDraft, comment_publish

pytestmark = pytest.mark.django_db
PAYLOAD = "\"'><img src=x onerror=alert(1)><script>alert(1)</script></title>"
ADDRESSES = [
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://x.example/a",
]


@pytest.fixture
def owner() -> User:
    return UserFactory.create(display_name=PAYLOAD[:50])


@pytest.fixture
def hostile(owner: User) -> Collection:
    found = collection_create(actor=owner, title=PAYLOAD, description=PAYLOAD, visibility="public")
    group = group_create(actor=owner, collection=found, name=PAYLOAD, description=PAYLOAD, tier_label="<b>'")
    drafts = [
        ItemDraft(shikimori_id=n + 1, title=PAYLOAD, picture=address, note=PAYLOAD)
        for n, address in enumerate(ADDRESSES)
    ]
    items_add(actor=owner, collection=found, drafts=drafts, group_id=group.pk)
    comment_publish(actor=owner, target=get_collection_target(owner, found.pk), draft=CommentDraft(body=PAYLOAD))
    return found


def test_no_other_address_is_kept(hostile: Collection) -> None:
    assert set(CollectionItem.objects.values_list("anime_src", flat=True)) == {""}


@pytest.mark.parametrize("path", ["/collections", "/collections/{id}", "/collections/{id}/edit", "/collections/mine"])
@pytest.mark.parametrize("is_owner", [True, False])
def test_pages_escape(client: Client, owner: User, hostile: Collection, path: str, is_owner: bool) -> None:
    client.force_login(owner if is_owner else UserFactory.create())
    response: Any = client.get(path.format(id=hostile.pk))
    if not is_owner and "edit" in path:
        assert response.status_code == 404
        return
    assert response.status_code == 200
    html = response.content.decode()
    if is_owner or "mine" not in path:
        assert "onerror" in html  # the text is there
    assert "<img src=x" not in html
    assert "<script>alert" not in html
    assert "<b>'" not in html


def test_a_foreign_picture_is_never_on_a_page(client: Client, owner: User) -> None:
    found = collection_create(actor=owner, title="x", visibility="public")
    draft = ItemDraft(shikimori_id=1, title="x", picture="https://tracker.example/pixel.gif")
    items_add(actor=owner, collection=found, drafts=[draft])
    assert CollectionItem.objects.get().anime_src == draft.picture
    client.force_login(owner)
    for path in ("/collections", f"/collections/{found.pk}", f"/collections/{found.pk}/edit"):
        assert "tracker.example" not in client.get(path).content.decode()
