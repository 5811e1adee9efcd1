"""What a row of the permission matrix is.

Add rows for your routes in `tests/permissions/matrix/<app>.py` (a list called ROWS; a new file is found by itself):

    Row("GET", "api/v1/anime/<int:anime_id>", expect=EVERYONE, path=lambda w: f"/api/v1/anime/{w.anime.pk}")
    Row("PUT", "api/v1/users/me/progress", expect=SIGNED_IN, body=lambda w: {"anime_id": w.anime.pk, "episode": 1, …})
    Row("DELETE", "api/v1/things/<uuid:id>", expect="401 204 404 404 404 204 204", path=lambda w: f"/api/v1/things/{w.thing.pk}")

`route` is the pattern as the resolver spells it (the failing test prints it). `expect` is seven statuses, in this order:
anonymous, owner, other user, tester, moderator, admin, superadmin; or one of the names below. `path` is needed when the
route has parameters. `world` (world.py) has `users["owner"]` … and the objects `owner` owns: give it what you need in
`tests/permissions/matrix/<app>.py` by a function `setup(world)` that sets attributes on it.

API routes are called with an access token, pages with a site session. Each call starts from a fresh world. Refused calls
(401, 403, 404) must leave every table that they write to as it was; `may_write` names tables of bookkeeping that a
refused call is meant to write (the counter of failed sign-ins).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ACTORS = ("anonymous", "owner", "other", "tester", "moderator", "admin", "superadmin")
REFUSED = frozenset({401, 403, 404})

EVERYONE = "200 200 200 200 200 200 200"
SIGNED_IN = "401 200 200 200 200 200 200"
SIGNED_IN_204 = "401 204 204 204 204 204 204"
SIGNED_IN_PAGE = "302 200 200 200 200 200 200"  # a page sends strangers to sign in
NOBODY = "404 404 404 404 404 404 404"


@dataclass(frozen=True)
class Row:
    """One method of one route. `body`: JSON for the API, form fields for pages; `query`: appended to the path."""

    method: str
    route: str
    expect: str
    path: str | Callable[[Any], str] = ""
    body: Callable[[Any], Any] | None = None
    query: str = ""
    may_write: frozenset[str] = field(default_factory=frozenset)

    def statuses(self) -> dict[str, int]:
        """Actor → status."""
        found = [int(word) for word in self.expect.split()]
        assert len(found) == len(ACTORS), f"{self.method} {self.route}: seven statuses are needed"
        return dict(zip(ACTORS, found, strict=True))

    def url(self, world: Any) -> str:
        """The address to call in this world."""
        if callable(self.path):
            return self.path(world) + self.query
        if not self.path:
            assert "<" not in self.route, f"{self.method} {self.route}: a route with parameters needs a path"
        return (self.path or f"/{self.route}") + self.query
