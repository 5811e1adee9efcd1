"""Every text that a person can write, a row a field: how it is sent, where it is read back, what is kept of it.

A new text in a body of the API is one row here (what staff write of anime: `naughty_anime`):
`tests/security/test_threat_34_naughty_strings.py` fails without it.
"""

from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts.tests.factories import UserFactory
from tests.security.naughty_world import Answer, Field, World, rows_of, stripped, tags, words


def _own(path: str, name: str, *, method: str = "PATCH", **also: Any) -> Callable[[World, str], Any]:
    """Sends {name: text} to one of the world's own (`path` names it in `World.paths`, or is an address)."""
    return lambda w, text: w.call(method, w.paths.get(path, path), {name: text, **also})


def _back(path: str, name: str) -> Callable[[World, Answer], Any]:
    return lambda w, _answer: w.read(w.paths.get(path, path))[name]


def _answered(name: str) -> Callable[[World, Answer], Any]:
    return lambda _w, answer: answer[name]


def _listed(path: Callable[[World], str], name: str, by: str = "owner") -> Callable[[World, Answer], Any]:
    """The field of the row whose id the answer said, in a list."""
    return lambda w, a: next(r[name] for r in rows_of(w.read(path(w), by=by)) if str(r["id"]) == str(a["id"]))


def _entry(w: World, _answer: Answer) -> Answer:
    return rows_of(w.read(f"users/{w.owner.username}/anime-list"))[0]


def _own_entry(name: str) -> Callable[[World, Answer], Any]:
    return lambda w, _a: next(r[name] for r in rows_of(w.read("anime-list")) if r["anime"]["id"] == w.anime.pk)


def _report(path: str, reason: str = "spam", name: str = "message") -> Callable[[World, str], Any]:
    """A report by somebody new: who reported something already reports it no second time."""

    def send(w: World, text: str) -> Any:
        w.clients["reporter"] = Client(raise_request_exception=False)
        w.clients["reporter"].force_login(UserFactory.create())
        address = path.format(owner=w.owner.pk, anime=w.anime.pk, **w.paths)
        return w.call("POST", address, {"reason": reason, name: text}, by="reporter")

    return send


def _items(name: str) -> Callable[[World, str], Any]:
    def send(w: World, text: str) -> Any:
        w.number += 1
        item = {"anime_id": 900_000 + w.number, "anime_title": "x", name: text}
        return w.call("POST", f"{w.paths['collection']}/items", {"items": [item]})

    return send


def _item_back(name: str) -> Callable[[World, Answer], Any]:
    return lambda w, _a: rows_of(w.read(f"{w.paths['collection']}/items"))[-1][name]


def _reported(w: World, answer: Answer) -> Any:
    return w.read(f"admin/reports/{answer['id']}", by="staff")["message"]


def _key(w: World, text: str) -> Any:
    for row in rows_of(w.read("developer/keys")):
        w.call("DELETE", f"developer/keys/{row['id']}")
    return w.call("POST", "developer/keys", {"name": text, "scopes": ["catalog:read"]})


def _device(w: World, text: str) -> Any:
    w.number += 1  # a device that is known keeps its name where a blank one comes
    return w.call(
        "POST", "devices/register", {"token": f"ExponentPushToken[naughtynaughty{w.number:08}]", "name": text}
    )


ANIME = "anime/{}/comments"
PEOPLE_FIELDS: list[Field] = [
    Field(
        ("users_me_update.display_name",),
        _own("users/me", "display_name"),
        _back("auth/me", "display_name"),
        words,
        50,
        True,
    ),
    Field(("users_me_update.bio",), _own("users/me", "bio"), _back("auth/me", "bio"), words),
    Field(
        ("anime_list_add.notes", "anime_list_change.notes"),
        lambda w, t: w.call("PATCH", f"anime-list/{w.anime.pk}", {"notes": t}),
        _own_entry("notes"),
        stripped,
    ),
    Field(
        ("anime_list_add.tags[]", "anime_list_change.tags[]", "anime_list_bulk.add_tags[]"),
        lambda w, t: w.call("PATCH", f"anime-list/{w.anime.pk}", {"tags": [t]}),
        lambda w, a: _own_entry("tags")(w, a)[0],
        tags,
        40,
        True,
    ),
    Field(
        ("collection_create.title", "collection_update.title", "collection_fork.title"),
        _own("collection", "title"),
        _back("collection", "title"),
        words,
        120,
        True,
    ),
    Field(
        ("collection_create.description", "collection_update.description"),
        _own("collection", "description"),
        _back("collection", "description"),
        stripped,
    ),
    Field(
        ("collection_group_create.name", "collection_group_update.name"),
        _own("group", "name"),
        _answered("name"),
        words,
        100,
        True,
    ),
    Field(
        ("collection_group_create.description", "collection_group_update.description"),
        _own("group", "description"),
        _answered("description"),
        stripped,
    ),
    Field(
        ("collection_group_create.tier_label", "collection_group_update.tier_label"),
        _own("group", "tier_label"),
        _answered("tier_label"),
        stripped,
        4,
        True,
    ),
    Field(("collection_item_update.note",), _own("item", "note"), _answered("note"), stripped),
    Field(("collection_items_add.items[].note",), _items("note"), _item_back("note"), stripped),
    Field(("collection_items_add.items[].anime_title",), _items("anime_title"), _item_back("anime_title"), words),
    Field(
        ("collection_comment_add.body",),
        lambda w, t: w.call("POST", f"{w.paths['collection']}/comments", {"body": t}),
        _listed(lambda w: f"{w.paths['collection']}/comments", "body"),
        stripped,
    ),
    Field(
        ("anime_comment_add.body",),
        lambda w, t: w.call("POST", f"anime/{w.anime.pk}/comments", {"body": t}),
        lambda w, a: w.read(f"comments/{a['id']}")["comment"]["body"],
    ),
    Field(
        ("post_comment_add.body",),
        lambda w, t: w.call("POST", f"{w.paths['post']}/comments", {"body": t}),
        lambda w, a: w.read(f"comments/{a['id']}")["comment"]["body"],
    ),
    Field(("comment_edit.body",), _own("comment", "body"), lambda w, a: w.read(w.paths["comment"])["comment"]["body"]),
    Field(
        ("comment_preview.body", "post_preview.body"),
        _own("comments/preview", "body", method="POST"),
        lambda _w, _a: None,
    ),
    Field(("post_create.title", "post_update.title"), _own("post", "title"), _back("post", "title"), words, 200, True),
    Field(("post_create.body", "post_update.body"), _own("post", "body"), _back("post", "body")),
    Field(("user_report.message",), _report("users/{owner}/report"), _reported),
    Field(("post_report.message",), _report("{post}/report"), _reported),
    Field(("comment_report.message",), _report("{comment}/report"), _reported),
    Field(("collection_report.message",), _report("{collection}/report"), _reported),
    Field(("episode_report.message",), _report("anime/{anime}/episodes/1/report", "dead_source"), _reported),
    Field(
        ("admin_report_note.body",),
        lambda w, t: w.call("POST", f"{w.paths['report']}/notes", {"body": t}, by="staff"),
        lambda w, _a: w.read(w.paths["report"], by="staff")["notes"][-1]["body"],
    ),
    Field(("developer_keys_create.name",), _key, _answered("name"), words, 60, True),
    Field(("devices_register.name",), _device, _answered("name"), stripped, 100, True),
]

PEOPLE_REFUSED: dict[str, str] = {
    "a secret or a code: compared, never shown": (
        "auth_2fa_enable.code auth_2fa_verify_login.device_token auth_2fa_verify_login.challenge_token "
        "auth_2fa_verify_login.code auth_email.device_token auth_email.password auth_email_confirm.code "
        "auth_login.device_token auth_login.identifier auth_login.password auth_oauth_token.device_token "
        "auth_oauth_token.code auth_oauth_token.code_verifier auth_password.device_token auth_password.current_password "
        "auth_password.password auth_register.device_token auth_register.password auth_reset_password.token "
        "auth_reset_password.password auth_verify_email.code users_me_deletion_confirm.code devices_register.token "
        "devices_register.subscription.endpoint devices_register.subscription.keys.p256dh "
        "devices_register.subscription.keys.auth"
    ),
    "a key of the client's own: compared, never shown": "anime_comment_add.nonce post_create.nonce post_comment_add.nonce",
    "one of few words, letters or shapes: everything else is refused": (
        "auth_register.username auth_password.confirm_email users_me_update.username users_me_complete_setup.username "
        "users_me_update.default_language users_me_update.preferences.default_language "
        "users_me_complete_setup.default_language users_me_complete_setup.preferences.default_language "
        "anime_list_add.started_on anime_list_add.finished_on anime_list_change.started_on anime_list_change.finished_on "
        "imports_create.format auth_oauth_link.mobile_redirect post_create.category post_update.category "
        "progress_save.translation_id episode_report.translation"
    ),
    "an address that is ours or https; others are not kept": "collection_items_add.items[].anime_src",
    "names what is there; nothing is kept": "anime_list_bulk.remove_tags[]",
    "the same service as a field of the table, once an account": "users_me_complete_setup.display_name users_me_complete_setup.bio",
    "sent with a picture: tests of pictures": "post_image_upload.alt",
    "told to the reporter: tests of reports": "admin_report_update.outcome",
}
"""Reason → the fields that keep no text of a person's, or are shown by another test."""

SEARCHES = (
    "/browse?q=",
    "/search?q=",
    "/search/suggest?q=",
    "/collections?q=",
    "/community?q=",
    "/friends?q=",
    "/list?q=",
)
