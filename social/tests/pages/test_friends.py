"""The pages of friends, the buttons of profiles and the menu beside a name: forms without scripts, pieces for htmx."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory
from core.throttles import throttle_peek
from social.limits import FRIEND_REQUESTS
from social.models import Block, Follow, Friendship
from social.tests.people import asked, blocks, follows, friends
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> User:
    return UserFactory.create(username="Me_myself")


@pytest.fixture
def other() -> User:
    return UserFactory.create(username="Other_one", display_name="Ōther <b>One</b>")


@pytest.fixture
def mine(me: User) -> Client:
    client = Client()
    client.force_login(me)
    return client


def act(client: Client, person: User, name: str, **more: Any) -> Any:
    return client.post(reverse("person-act", args=[person.pk]), {"act": name, **more})


def piece(client: Client, person: User, name: str, **more: Any) -> Any:
    return client.post(reverse("person-act", args=[person.pk]), {"act": name, **more}, headers={"HX-Request": "true"})


def test_every_form_works_without_scripts(mine: Client, me: User, other: User) -> None:
    profile = reverse("profile", args=[other.username])
    for name, holds in (
        ("befriend", lambda: Friendship.objects.filter(requester=me).exists()),
        ("cancel", lambda: not Friendship.objects.exists()),
        ("follow", lambda: Follow.objects.filter(follower=me).exists()),
        ("unfollow", lambda: not Follow.objects.exists()),
    ):
        answer = act(mine, other, name, next=profile)
        assert (answer.status_code, answer["Location"]) == (302, profile)
        assert holds(), name
    asked(other, me)
    act(mine, other, "reject")
    assert not Friendship.objects.exists()
    asked(other, me)
    assert act(mine, other, "accept")["Location"] == reverse("friends")
    assert Friendship.objects.accepted().exists()
    act(mine, other, "remove")
    assert not Friendship.objects.exists()
    assert "You are not friends now." in mine.get("/friends").content.decode()


def test_where_next_may_lead(mine: Client, other: User) -> None:
    assert act(mine, other, "follow", next="https://evil.example/")["Location"] == reverse("friends")
    page = mine.get(reverse("person-block", args=[other.pk]), {"next": "//evil.example"}).content.decode()
    assert 'href="//evil' not in page


def test_what_is_refused_is_said(mine: Client, me: User, other: User) -> None:
    friends(me, other)
    act(mine, other, "befriend")
    assert "You are friends already" in mine.get("/friends").content.decode()
    answer = piece(mine, other, "befriend")
    assert json.loads(answer["HX-Trigger"])["site:toast"] == {"text": "You are friends already", "kind": "error"}
    assert act(mine, other, "marry").status_code == 400
    assert act(mine, me, "befriend").status_code == 302
    blocks(UserFactory.create(username="Blocker_x"), me)
    assert act(mine, User.objects.get(username="Blocker_x"), "befriend").status_code == 404


def test_buttons_follow_how_one_stands(mine: Client, me: User, other: User) -> None:
    """What a script gets is what the profile shows."""
    path = reverse("profile", args=[other.username])

    def acts() -> set[str]:
        page = mine.get(path).content.decode()
        return {
            name
            for name in ("befriend", "accept", "reject", "cancel", "remove", "follow", "unfollow")
            if f'value="{name}"' in page
        }

    assert acts() == {"befriend", "follow"}
    answer = piece(mine, other, "befriend", piece="profile", next=path).content.decode()
    assert 'value="cancel"' in answer
    assert f'name="next" value="{path}"' in answer
    assert acts() == {"cancel", "follow"}
    Friendship.objects.all().delete()
    asked(other, me)
    assert acts() == {"accept", "reject", "follow"}
    assert 'value="remove"' in piece(mine, other, "accept").content.decode()
    piece(mine, other, "follow")
    assert acts() == {"remove", "unfollow"}
    own = mine.get(reverse("profile", args=[me.username])).content.decode()
    assert "person-buttons" not in own
    stranger = Client().get(path).content.decode()
    assert f"/accounts/login/?next={path}" in stranger


def test_a_block_is_asked_back_and_hides_both(mine: Client, me: User, other: User) -> None:
    friends(me, other)
    address = reverse("person-block", args=[other.pk])
    page = mine.get(address)
    assert page.status_code == 200
    assert "Ōther &lt;b&gt;One&lt;/b&gt;" in page.content.decode()
    assert not Block.objects.exists()
    answer = mine.post(address)
    assert answer["Location"] == "/friends?tab=blocked"
    listed = mine.get("/friends?tab=blocked").content.decode()
    assert 'value="unblock"' in listed
    assert "Other_one" in listed
    for gone in (reverse("profile", args=["Other_one"]), address, reverse("person-menu", args=[other.pk])):
        assert mine.get(gone).status_code == 404
    theirs = Client()
    theirs.force_login(other)
    assert theirs.get(reverse("profile", args=["Me_myself"])).status_code == 404
    assert "Me_myself" not in theirs.get("/friends?tab=blocked").content.decode()
    assert 'value="befriend"' in piece(mine, other, "unblock", piece="line").content.decode()
    assert mine.get(reverse("person-block", args=[me.pk])).status_code == 404


def test_tabs_and_their_counts(mine: Client, me: User, other: User) -> None:
    friends(me, UserFactory.create(username="friend_1"))
    asked(UserFactory.create(username="asking_1"), me)
    asked(me, UserFactory.create(username="asked_1"))
    follows(me, UserFactory.create(username="followed_1"))
    follows(UserFactory.create(username="follower_1"), me)
    blocks(me, UserFactory.create(username="blocked_1"))
    everybody = {"friend_1", "asking_1", "asked_1", "followed_1", "follower_1", "blocked_1"}
    for tab, name in (
        ("", "friend_1"),
        ("?tab=requests", "asking_1"),
        ("?tab=sent", "asked_1"),
        ("?tab=following", "followed_1"),
        ("?tab=followers", "follower_1"),
        ("?tab=blocked", "blocked_1"),
        ("?tab=nonsense", "friend_1"),
    ):
        page = mine.get(f"/friends{tab}")
        assert {one for one in everybody if f"@{one}" in page.content.decode()} == {name}
        assert [one.count for one in page.context["tabs"]] == [1] * 6
    assert "ends before this page" in mine.get("/friends?page=9").content.decode()


def test_people_are_found_by_name(mine: Client, me: User, other: User) -> None:
    UserFactory.create(username="blocker_one")
    blocks(User.objects.get(username="blocker_one"), me)
    page = mine.get("/friends", {"q": "one"}).content.decode()
    assert "@Other_one" in page
    assert "blocker_one" not in page
    assert 'value="befriend"' in page
    assert "@Me_myself" not in mine.get("/friends", {"q": "me_myself"}).content.decode()
    for q in ("\x00", "%", "'\"><script>", "x" * 5_000, "\u202eevil", "ｏｎｅ"):
        assert mine.get("/friends", {"q": q}).status_code == 200
    for _ in range(60):
        mine.get("/friends", {"q": "one"})
    assert "Too many requests" in mine.get("/friends", {"q": "one"}).content.decode()


def test_friends_of_others(mine: Client, me: User, other: User) -> None:
    both, friend = UserFactory.create(username="both_1"), UserFactory.create(username="friend_1")
    for found in (both, friend):
        friends(other, found)
    friends(me, both)
    follows(friend, other)
    page = mine.get("/users/Other_one/friends").content.decode()
    assert "@both_1" in page
    assert "@friend_1" in page
    assert "&lt;b&gt;One" in page
    assert "<b>One" not in page
    mutual = mine.get("/users/Other_one/friends?tab=mutual").content.decode()
    assert "@both_1" in mutual
    assert "@friend_1" not in mutual
    stranger = Client().get("/users/Other_one/friends?tab=mutual")
    assert [tab.name for tab in stranger.context["tabs"]] == ["friends", "followers", "following"]
    assert mine.get("/users/other_ONE/friends")["Location"] == "/users/Other_one/friends"
    profile = mine.get("/users/Other_one").content.decode()
    assert "1 friend in common" in profile
    assert "<b>1</b> follower" in profile
    User.objects.filter(pk=other.pk).update(profile_visibility="nobody")
    assert mine.get("/users/Other_one/friends").status_code == 404
    assert "friend in common" not in mine.get("/users/Other_one").content.decode()


def test_the_menu_beside_a_name(mine: Client, me: User, other: User) -> None:
    page = mine.get(reverse("person-menu", args=[other.pk])).content.decode()
    assert 'value="befriend"' in page
    assert 'value="follow"' in page
    assert mine.get(reverse("person-menu", args=[me.pk])).status_code == 404


@pytest.mark.parametrize("size", [12, 17])
def test_as_many_queries_for_many_as_for_few(mine: Client, me: User, other: User, size: int) -> None:
    for person in UserFactory.create_batch(size):
        friends(me, person)
        friends(other, person)
        follows(person, me)
    asked(other, me)
    for key, path in (
        ("friends", "/friends"),
        ("friends followers", "/friends?tab=followers"),
        ("friends found", "/friends?q=person"),
        ("users/name/friends", "/users/Other_one/friends"),
        ("users/name with friends", "/users/Other_one"),
    ):
        with assert_queries(f"social/page {key}"):
            assert mine.get(path).status_code == 200


def test_the_tabs_count_anew_when_a_request_is_answered(mine: Client, me: User, other: User) -> None:
    asked(other, me)
    here = "/friends?tab=requests"
    assert "people-count is-new" in mine.get(here).content.decode()
    html = piece(mine, other, "accept", next=here, piece="line").content.decode()
    tabs = html[html.index('<nav class="people-tabs" id="people-tabs" hx-swap-oob="true"') :]
    assert "is-new" not in tabs
    assert 'href="/friends?tab=requests" aria-current="page"' in tabs
    profile = reverse("profile", args=[other.username])
    assert "people-tabs" not in piece(mine, other, "follow", next=profile).content.decode()


def test_report_in_a_menu_opens_the_dialog(mine: Client, other: User) -> None:
    page = mine.get(reverse("profile", args=[other.username])).content.decode()
    assert f'?target=user&amp;id={other.pk}" rel="nofollow" data-report>' in page
    assert "has not written anything" not in page
    assert "Nothing about them yet." in page


def test_befriending_that_is_refused_takes_no_request_away(mine: Client, me: User, other: User) -> None:
    cache.clear()
    act(mine, other, "befriend")
    act(mine, other, "befriend")
    assert throttle_peek(FRIEND_REQUESTS, f"u{me.pk}").remaining == 29


def test_the_bar_of_a_phone_leads_to_the_community(mine: Client) -> None:
    for client, own in ((mine, "/list"), (Client(), "/schedule")):
        page = client.get("/browse").content.decode()
        bar = page[page.index('class="tabbar"') :].partition("</nav>")[0]
        assert bar.count("<a ") == 5
        assert 'href="/community"' in bar
        assert f'href="{own}"' in bar
