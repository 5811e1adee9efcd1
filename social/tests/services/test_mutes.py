"""A mute stops every writing of words that others read, and nothing else; over, it stops nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import Muted
from accounts.models import User
from accounts.services.profiles import profile_correct, profile_update
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from lists.models import Collection, CollectionItem
from lists.services import entry_set
from lists.services.collection_groups import group_create, group_update
from lists.services.collection_items import ItemDraft, item_update, items_add
from lists.services.collections import collection_create, collection_delete, collection_update
from social.access import get_collection_target, get_post_target
from social.models import Category
from social.services.anime_votes import anime_vote_set
from social.services.comment_votes import comment_vote_set
from social.services.comments import CommentDraft, comment_delete, comment_edit
from social.services.post_reactions import reaction_set
from social.services.posts import PostDraft, post_delete, post_edit, post_publish
from social.tests.comments import said, target_of
from social.tests.posts import post_of
from social.tests.reported import named_of, report_of

pytestmark = pytest.mark.django_db


class Scene:
    """Somebody with something of every kind of their own, and something of others'."""

    def __init__(self) -> None:
        Category.objects.get_or_create(slug="general", defaults={"name": "General"})
        self.user, self.other = UserFactory.create(display_name="Old name", bio="old bio"), UserFactory.create()
        self.anime = AnimeFactory.create(document=True)
        self.post, self.others_post = post_of(self.user), post_of(self.other)
        self.comment = said(self.user, target_of(self.user, self.anime), "mine")
        self.others_comment = said(self.other, target_of(self.user, self.anime), "theirs")
        self.shown = self.shelf("public")
        self.linked = self.shelf("unlisted")
        self.private = self.shelf("private")

    def shelf(self, visibility: str) -> Collection:
        made = collection_create(actor=self.user, title="Shelf", visibility=visibility)
        items_add(actor=self.user, collection=made, drafts=[ItemDraft(anime_id=self.anime.pk)])
        group_create(actor=self.user, collection=made, name="S")
        return made

    def item(self, shelf: Collection) -> CollectionItem:
        return CollectionItem.objects.get(collection=shelf)


Act = Callable[[Scene], Any]
DRAFT = PostDraft(title="New", body="words", category="general")
FREE = ItemDraft(shikimori_id=900_001, title="words where a title should be")

STOPPED: dict[str, Act] = {
    "a post": lambda s: post_publish(actor=s.user, draft=DRAFT),
    "an edit of a post": lambda s: post_edit(actor=s.user, post_id=s.post.pk, draft=DRAFT),
    "a comment on an anime": lambda s: said(s.user, target_of(s.user, s.anime)),
    "a comment on an episode": lambda s: said(s.user, target_of(s.user, s.anime, 1)),
    "a comment on a post": lambda s: said(s.user, get_post_target(s.user, s.others_post.pk)),
    "a comment on one's own post": lambda s: said(s.user, get_post_target(s.user, s.post.pk)),
    "a comment on a collection": lambda s: said(s.user, get_collection_target(s.user, s.shown.pk)),
    "an answer": lambda s: said(s.user, target_of(s.user, s.anime), to=s.others_comment),
    "an edit of a comment": lambda s: comment_edit(actor=s.user, comment_id=s.comment.pk, draft=CommentDraft(body="x")),
    "a public collection": lambda s: collection_create(actor=s.user, title="New", visibility="public"),
    "an unlisted collection": lambda s: collection_create(actor=s.user, title="New", visibility="unlisted"),
    "publishing a collection": lambda s: collection_update(actor=s.user, collection=s.private, visibility="public"),
    "giving out its address": lambda s: collection_update(actor=s.user, collection=s.private, visibility="unlisted"),
    "listing an unlisted one": lambda s: collection_update(actor=s.user, collection=s.linked, visibility="public"),
    "a title of a public one": lambda s: collection_update(actor=s.user, collection=s.shown, title="Words"),
    "a description of it": lambda s: collection_update(actor=s.user, collection=s.shown, description="Words"),
    "a note in it": lambda s: item_update(actor=s.user, item=s.item(s.shown), note="words"),
    "an anime with a note": lambda s: items_add(
        actor=s.user,
        collection=s.shown,
        drafts=[ItemDraft(anime_id=AnimeFactory.create(document=True).pk, note="words")],
    ),
    "a title nobody knows": lambda s: items_add(actor=s.user, collection=s.linked, drafts=[FREE]),
    "a group in it": lambda s: group_create(actor=s.user, collection=s.shown, name="words"),
    "another name of a group": lambda s: group_update(actor=s.user, group=s.shown.groups.get(), name="words"),
    "a display name": lambda s: profile_update(user=s.user, display_name="New name"),
    "a bio": lambda s: profile_update(user=s.user, bio="new bio"),
    "a username": lambda s: profile_update(user=s.user, username="another_name"),
}
ALLOWED: dict[str, Act] = {
    "a report": lambda s: report_of(s.user, named_of("post", s.other)),
    "a vote on an anime": lambda s: anime_vote_set(actor=s.user, anime_id=s.anime.pk, value=1),
    "a vote on a comment": lambda s: comment_vote_set(actor=s.user, comment_id=s.others_comment.pk, value=1),
    "a reaction": lambda s: reaction_set(actor=s.user, post_id=s.others_post.pk, kind="like"),
    "taking a comment back": lambda s: comment_delete(actor=s.user, comment_id=s.comment.pk),
    "taking a post back": lambda s: post_delete(actor=s.user, post_id=s.post.pk),
    "a note of one's own": lambda s: entry_set(user=s.user, anime_id=s.anime.pk, status="watching", notes="words"),
    "a private collection": lambda s: collection_create(actor=s.user, title="New"),
    "words in a private one": lambda s: collection_update(actor=s.user, collection=s.private, title="Words"),
    "a note in a private one": lambda s: item_update(actor=s.user, item=s.item(s.private), note="words"),
    "a group in a private one": lambda s: group_create(actor=s.user, collection=s.private, name="words"),
    "an anime without words": lambda s: items_add(
        actor=s.user, collection=s.shown, drafts=[ItemDraft(anime_id=AnimeFactory.create(document=True).pk)]
    ),
    "hiding a collection": lambda s: collection_update(actor=s.user, collection=s.shown, visibility="private"),
    "emptying a description": lambda s: collection_update(actor=s.user, collection=s.shown, description=""),
    "deleting a collection": lambda s: collection_delete(actor=s.user, collection=s.shown),
    "saving the profile as it is": lambda s: profile_update(
        user=s.user, username=s.user.username, display_name="Old name", bio="old bio", auto_play=False
    ),
    "emptying name and bio": lambda s: profile_update(user=s.user, display_name="", bio=""),
    "a correction by staff": lambda s: profile_correct(
        actor=UserFactory.create(role="admin"), user=s.user, display_name="Corrected"
    ),
}


def mute(user: User, ends: timedelta) -> None:
    """In the row alone: what the request loaded may be older."""
    User.objects.filter(pk=user.pk).update(muted_until=timezone.now() + ends)


def writes_of(act: Callable[[], object]) -> list[str]:
    """The statements by which `act` changed something."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return [one["sql"] for one in queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.parametrize("what", STOPPED)
def test_a_mute_stops(what: str) -> None:
    scene = Scene()
    mute(scene.user, timedelta(hours=1))
    with pytest.raises(Muted) as caught:
        STOPPED[what](scene)
    assert caught.value.status == 403
    assert caught.value.extra["muted_until"].endswith("Z")


@pytest.mark.parametrize("what", STOPPED)
def test_a_mute_that_is_over_stops_nothing(what: str) -> None:
    scene = Scene()
    mute(scene.user, -timedelta(seconds=1))
    assert writes_of(lambda: STOPPED[what](scene))


@pytest.mark.parametrize("what", ALLOWED)
def test_what_a_mute_leaves(what: str) -> None:
    scene = Scene()
    mute(scene.user, timedelta(hours=1))
    assert writes_of(lambda: ALLOWED[what](scene))
