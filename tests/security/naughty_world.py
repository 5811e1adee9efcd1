"""A person with something of everything, who writes, and what a row about a text that can be written says."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from accounts.models import Role, User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory, EpisodeFactory
from lists.services import entry_set
from social.models import Category

Answer = dict[str, Any]


def same(text: str) -> str:
    """Kept as it was written."""
    return text


def stripped(text: str) -> str:
    """Kept without blanks at its ends."""
    return text.strip()


def words(text: str) -> str:
    """Kept in NFC; blanks do not count: names and titles are one line, and paragraphs lose blanks that nobody sees."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tags(text: str) -> str:
    """Like `words`; a tag is the one of that name that there is, whatever its case."""
    return words(text).casefold()


@dataclass
class World:
    """A person with something of everything, and who talks to them; `call` asks the API as one of them."""

    owner: User = field(default_factory=lambda: UserFactory.create(activity_visibility="everyone"))
    other: User = field(default_factory=UserFactory.create)
    staff: User = field(default_factory=lambda: UserFactory.create(role=Role.ADMIN))
    anime: Anime = field(default_factory=lambda: AnimeFactory.create(document=True, title="Quiet", episode_count=12))
    paths: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    number: int = 0

    def __post_init__(self) -> None:
        for name in ("owner", "other", "staff"):
            self.clients[name] = Client(raise_request_exception=False)
            self.clients[name].force_login(getattr(self, name))
        EpisodeFactory.create(anime=self.anime, number=1)
        Category.objects.get_or_create(slug="talk", defaults={"name": "Talk"})
        entry_set(user=self.owner, anime_id=self.anime.pk, status="watching")
        self.paths["collection"] = "collections/" + self._id(
            "POST", "collections", {"title": "Shelf", "visibility": "public"}
        )
        group = self._id("POST", f"{self.paths['collection']}/groups", {"name": "Top", "tier_label": "S"})
        self.paths["group"] = f"{self.paths['collection']}/groups/{group}"
        made = self.call("POST", f"{self.paths['collection']}/items", {"items": [{"local_anime_id": self.anime.pk}]})
        assert made.status_code == 201, made.content
        listed = self.read(f"{self.paths['collection']}/items")
        self.paths["item"] = f"{self.paths['collection']}/items/{rows_of(listed)[0]['id']}"
        post = {"title": "Hello", "body": "x", "category": "talk", "anime_id": self.anime.pk}
        self.paths["post"] = "posts/" + self._id("POST", "posts", post)
        self.paths["comment"] = "comments/" + self._id("POST", f"anime/{self.anime.pk}/comments", {"body": "x"})
        self.paths["thread"] = f"anime/{self.anime.pk}/comments"
        report = self._id("POST", f"users/{self.owner.pk}/report", {"reason": "spam"}, by="other")
        self.paths["report"] = f"admin/reports/{report}"

    def call(self, method: str, path: str, body: Any = None, *, by: str = "owner") -> Any:
        raw = b"" if body is None else json.dumps(body).encode()
        return self.clients[by].generic(method, f"/api/v1/{path}", raw, content_type="application/json")

    def read(self, path: str, *, by: str = "owner") -> Any:
        answer = self.call("GET", path, by=by)
        assert answer.status_code == 200, (path, answer.content)
        return json.loads(answer.content)

    def _id(self, method: str, path: str, body: Any, *, by: str = "owner") -> str:
        answer = self.call(method, path, body, by=by)
        assert answer.status_code in (200, 201), (path, answer.content)
        return str(json.loads(answer.content)["id"])


def rows_of(found: Any) -> list[Answer]:
    return found if isinstance(found, list) else found["results"]


@dataclass(frozen=True)
class Field:
    """`names`: the fields of the schema ("operation.field") that this row stands for. `send` gives the answer, `read` what
    is kept (of that answer or of another); `kept` is what has to be the same of both. `limit`: the longest that is taken.
    """

    names: tuple[str, ...]
    send: Callable[[World, str], Any]
    read: Callable[[World, Answer], Any]
    kept: Callable[[str], str] = same
    limit: int = 500
    is_line: bool = False
