"""Rows of friends, follows and blocks: somebody who asked the owner, and whom everybody may follow and block."""

from typing import Any

from accounts.models import User
from social.models import Friendship
from tests.permissions.rows import EVERYONE, SIGNED_IN, SIGNED_IN_204, SIGNED_IN_PAGE, Row

_FRIEND = "api/v1/friends/<uuid:id>"
_USER = "api/v1/users/<uuid:user_id>"
_PEOPLE = "people/<uuid:person_id>"
ASKED = "401 200 404 404 404 404 404"
ASKED_204 = "401 204 404 404 404 404 404"
EVERYBODY_201 = "401 201 201 201 201 201 201"
PAGE_302 = "302 302 302 302 302 302 302"


def setup(world: Any) -> None:
    """`asker` wants to be the owner's friend; `passer_by` nothing of anybody."""
    world.asker = User(username="asker_x", email="asker@example.org", password="!")
    world.passer_by = User(username="passer_by_x", email="passer-by@example.org", password="!")
    User.objects.bulk_create([world.asker, world.passer_by])
    low, high = sorted((world.asker.pk, world.owner.pk))
    world.asked_friendship = Friendship.objects.create(low_id=low, high_id=high, requester=world.asker)


def _friend(tail: str = "") -> Any:
    return lambda w: f"/api/v1/friends/{w.asked_friendship.pk}{tail}"


def _user(tail: str) -> Any:
    return lambda w: f"/api/v1/users/{w.passer_by.pk}{tail}"


def _person(tail: str) -> Any:
    return lambda w: f"/people/{w.passer_by.pk}{tail}"


ROWS = [
    Row("GET", "api/v1/friends", SIGNED_IN),
    Row("GET", "api/v1/friends/blocked", SIGNED_IN),
    Row("POST", "api/v1/friends/request", EVERYBODY_201, body=lambda w: {"user_id": str(w.passer_by.pk)}),
    Row("POST", f"{_FRIEND}/accept", ASKED, path=_friend("/accept")),
    Row("POST", f"{_FRIEND}/reject", ASKED_204, path=_friend("/reject")),
    Row("POST", f"{_FRIEND}/block", ASKED, path=_friend("/block")),
    Row("DELETE", _FRIEND, ASKED_204, path=_friend()),
    Row("GET", f"{_USER}/friends", EVERYONE, path=_user("/friends")),
    Row("GET", f"{_USER}/mutual-friends", SIGNED_IN, path=_user("/mutual-friends")),
    Row("GET", f"{_USER}/followers", EVERYONE, path=_user("/followers")),
    Row("GET", f"{_USER}/following", EVERYONE, path=_user("/following")),
    Row("GET", f"{_USER}/relation", SIGNED_IN, path=_user("/relation")),
    Row("POST", f"{_USER}/follow", SIGNED_IN, path=_user("/follow")),
    Row("DELETE", f"{_USER}/follow", SIGNED_IN_204, path=_user("/follow")),
    Row("POST", f"{_USER}/block", SIGNED_IN, path=_user("/block")),
    Row("DELETE", f"{_USER}/block", SIGNED_IN_204, path=_user("/block")),
    Row("GET", "friends", SIGNED_IN_PAGE),
    Row("GET", "users/<str:username>/friends", EVERYONE, path="/users/passer_by_x/friends"),
    Row("GET", f"{_PEOPLE}/relation", PAGE_302, path=_person("/relation")),
    Row("POST", f"{_PEOPLE}/relation", PAGE_302, path=_person("/relation"), body=lambda w: {"act": "follow"}),
    Row("GET", f"{_PEOPLE}/block", SIGNED_IN_PAGE, path=_person("/block")),
    Row("POST", f"{_PEOPLE}/block", PAGE_302, path=_person("/block")),
    Row("GET", f"{_PEOPLE}/menu", SIGNED_IN_PAGE, path=_person("/menu")),
]
