"""Threat 34: hostile strings in every text that a person can write are kept or refused, and do nothing on any page."""

import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from core import throttles
from core.throttles import Allowance, Limit
from tests.security.inert import built_of, faults_of
from tests.security.naughty_anime import ANIME_FIELDS, ANIME_REFUSED
from tests.security.naughty_downloads import DOWNLOADS_ADDRESSES, DOWNLOADS_REFUSED
from tests.security.naughty_fields import PEOPLE_FIELDS, PEOPLE_REFUSED, SEARCHES
from tests.security.naughty_world import Field, World

OWN = [
    "",
    " ",
    "null",
    "undefined",
    "NaN",
    "-1e309",
    "0x7fffffffffffffff",
    "1/0; DROP TABLE accounts_user; --",
    "' OR '1'='1",
    "\\'; EXEC xp_cmdshell('dir'); --",
    "%00%0a%0d%s%n%p",
    "{{ 7|add:7 }}{% debug %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "{0.__class__.__init__.__globals__}",
    "%(who)s {who} {what} %s %d",
    "../../../../etc/passwd",
    "file:///etc/passwd",
    "$(touch /tmp/x)`id`|cat",
    "<script>window.__pwned=1</script>",
    "<img src=x onerror=window.__pwned=1>",
    "\"'><svg onload=window.__pwned=1>",
    "' autofocus onfocus=window.__pwned=1 x='",
    "</textarea></title></style></script><script>window.__pwned=1</script>",
    "<iframe srcdoc='<script>parent.__pwned=1</script>'></iframe>",
    "[press](javascript:window.__pwned=1) [x](JaVa&#x53;cript:window.__pwned=1)",
    '![a](x" onerror="window.__pwned=1) <javascript:window.__pwned=1>',
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "||<b onclick=window.__pwned=1>|| @admin **`</code>`**",
    "<!--><![CDATA[<?xml]]>--!><plaintext>",
    "&lt;script&gt;&#60;script&#62;&amp;amp;",
    "田中さんにあげて下さい 部落格 사회과학원 Ⱥ",
    "הָיְתָהtestالصفحات التّحول",
    "\u202etxet desrever\u202c \u2066x\u2069 \u200bzero\u200b width\ufeff",
    "Z\u0351\u0348\u0349A\u0310\u0311\u0312\u0313L\u0314\u0315\u0316\u0317\u0318\u0319G\u031a\u031b\u031c\u031d\u031eO",
    "👩‍👩‍👧‍👦 🏳️‍🌈 \U000e0067\U000e0062 ¯\\_(ツ)_/¯",
    "İstanbul ﬁle ß ǅ K Ω",
    "line\r\none\rtwo\u2028three\u2029four\x0b\x0cfive\x85six",
    "a\x00b",
    "\ud800 lone \udfff",
    "\x01\x02\x1b[31mred\x1b[0m\x7f\x9b",
    "x" * 100_000,
    "[" * 3_000,
    "||" * 800 + "a",
]
"""Of the classes of the collected ones, written for this test."""

PAGES = [
    "/",
    "/anime/{anime}",
    "/watch/{anime}/1",
    "/users/{owner}",
    "/users/{owner}/list",
    "/users/{owner}/activity",
    "/collections",
    "/{collection}",
    "/community",
    "/community/{post}",
    "/{comment}",
    "/feed?tab=public",
]
OWN_PAGES = [
    "/list",
    "/list/history",
    "/{collection}/edit",
    "/settings",
    "/settings/reports",
    "/feed?tab=mine",
    "/settings/api-keys",
]
GROUP = 24

pytestmark = [pytest.mark.django_db, pytest.mark.either]
FIELDS = [*PEOPLE_FIELDS, *ANIME_FIELDS]
REFUSED = PEOPLE_REFUSED | ANIME_REFUSED | DOWNLOADS_REFUSED
_REFUSED_NAMES = {name for names in REFUSED.values() for name in names.split()}


@pytest.fixture(autouse=True)
def _own_configuration(settings: Any, tmp_path: Path) -> None:
    """What is written of the operator's configuration stays with the test."""
    settings.CONFIGURATION_ROOT = tmp_path / "configuration"


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of texts in a minute are what limits are for; here they are not the question."""

    def hit(limit: Limit, key: str, *, times: int = 1) -> Allowance:
        return Allowance(limit.times, limit.times, limit.seconds, is_exceeded=False)

    monkeypatch.setattr(throttles, "throttle_hit", hit)


@pytest.fixture
def world() -> World:
    return World()


def collected() -> list[str]:
    """The Big List of Naughty Strings."""
    return json.loads((Path(os.environ["HIROBA_DATA"]) / "chat" / "blns.json").read_text())


def written_texts() -> set[str]:
    """Every free text in a body of the API, as "operation.field"."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    parts = schema["components"]["schemas"]

    def walk(shape: dict[str, Any], path: str) -> Iterator[str]:
        if "$ref" in shape:
            shape = parts[shape["$ref"].rsplit("/", 1)[1]]
        for key in ("allOf", "oneOf", "anyOf"):
            for one in shape.get(key, ()):
                yield from walk(one, path)
        kind = shape.get("type")
        for name, one in shape.get("properties", {}).items():
            if not one.get("readOnly"):
                yield from walk(one, f"{path}.{name}")
        if kind == "array":
            yield from walk(shape["items"], f"{path}[]")
        is_text = kind == "string" or (isinstance(kind, list) and "string" in kind)
        if is_text and not shape.get("enum") and not shape.get("format"):
            yield path

    found: set[str] = set()
    for operations in schema["paths"].values():
        for operation in operations.values():
            content = operation.get("requestBody", {}).get("content", {}) if isinstance(operation, dict) else {}
            for body in islice(content.values(), 1):
                found.update(walk(body["schema"], operation["operationId"]))
    return found


def test_every_text_that_is_written_has_a_row() -> None:
    known = {name for field in FIELDS for name in field.names} | _REFUSED_NAMES
    texts = written_texts()
    assert texts - known == set(), "a new text: give it a row in tests/security/naughty_fields.py"
    assert known - texts == set(), "rows of texts that are no more"


def is_kept(world: World, field: Field, text: str) -> bool:
    """Whether it is kept, as it was, or refused with a code; fails for a third, which were an error of ours."""
    try:
        answer = field.send(world, text)
    except UnicodeEncodeError:
        pytest.fail("the request could not be made")
    assert answer.status_code in (200, 201, 422, 400), (
        field.names,
        text[:80],
        answer.status_code,
        answer.content[:300],
    )
    body = json.loads(answer.content)
    if answer.status_code >= 400:
        assert body["error"] in ("validation_failed", "malformed_request"), (field.names, text[:80], body)
        return False
    read = field.read(world, body)
    if read is not None:
        assert field.kept(read) == field.kept(text), (field.names, text[:80])
    return True


def kept_or_refused(world: World, field: Field, texts: list[str]) -> int:
    """How many are kept: at least half of those for which there is room, or a field that refuses everything would do."""
    refused = [text for text in texts if not is_kept(world, field, text)]
    fits = [text for text in texts if len(text) <= field.limit]
    assert sum(len(text) <= field.limit for text in refused) <= len(fits) // 2, (field.names, refused[:20])
    return len(texts) - len(refused)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.names[0])
def test_own_strings_are_kept_or_refused(world: World, field: Field) -> None:
    assert kept_or_refused(world, field, OWN) > 0


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.names[0])
def test_collected_strings_are_kept_or_refused(world: World, field: Field) -> None:
    assert kept_or_refused(world, field, collected()) > 0


def groups_of(texts: list[str]) -> Iterator[list[str]]:
    fit = iter([text for text in texts if 0 < len(text) <= 5_000])
    while group := list(islice(fit, GROUP)):
        yield group


def fill(world: World, group: list[str]) -> None:
    """Every field gets what it takes of these texts: all of them where there is room, else one."""
    for number, field in enumerate(FIELDS):
        whole = (" " if field.is_line else "\n\n").join(group)
        for text in (whole, group[number % len(group)], group[(number + 7) % len(group)][: field.limit]):
            if field.send(world, text).status_code < 300:
                break


def pages_of(world: World, client: Client, paths: list[str]) -> dict[str, str]:
    """{path: HTML}, of those that are there."""
    found = {}
    for path in paths:
        post = world.paths["post"].removeprefix("posts/")
        names = {**world.paths, "anime": world.anime.pk, "owner": world.owner.username, "post": f"posts/{post}"}
        response: Any = client.get(path.format(**names), follow=True)
        assert response.status_code == 200, path
        found[path] = response.content.decode()
    return found


def broken_pages(world: World, group: list[str]) -> list[tuple[str, Any]]:
    """(path, what is wrong) of every page that these texts did something to."""
    fill(world, group)
    found = {**pages_of(world, Client(), PAGES), **pages_of(world, world.clients["owner"], OWN_PAGES)}
    broken: list[tuple[str, Any]] = []
    for path, html in found.items():
        built = built_of(html)
        broken += [(path, fault) for fault in faults_of(html)]
        broken += [(path, {once: built[once]}) for once in ("html", "head", "body", "main") if built[once] != 1]
    return broken


@pytest.mark.parametrize("group", groups_of(OWN), ids=lambda group: f"{group[0]!r:.20}")
def test_own_strings_do_nothing_on_pages(world: World, group: list[str]) -> None:
    assert broken_pages(world, group) == []


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_collected_strings_do_nothing_on_pages(world: World) -> None:
    for group in groups_of(collected()):
        assert broken_pages(world, group) == [], group


@pytest.mark.parametrize("search", SEARCHES)
def test_searches_answer_and_show_what_was_asked_as_text(world: World, search: str) -> None:
    client = world.clients["owner"]
    for text in OWN:
        asked = quote(text[:3_000].encode("utf-8", "surrogatepass"))
        response: Any = client.get(f"{search}{asked}", follow=True)
        assert response.status_code in (200, 400, 422), (text[:80], response.status_code)
        assert faults_of(response.content.decode()) == [], text[:80]


@pytest.mark.parametrize("operation", sorted({name.partition(".")[0] for name in _REFUSED_NAMES}))
def test_what_takes_no_words_refuses_them_calmly(world: World, operation: str) -> None:
    """Codes, secrets and the like: whatever is sent in any of its fields, the answer has a code and is no error of ours."""
    method, address = ADDRESSES[operation]
    by = "staff" if address.startswith("admin/") else "other"
    for field in sorted(name for name in _REFUSED_NAMES if name.partition(".")[0] == operation):
        for text in OWN:
            body: Any = text
            for name in reversed(field.partition(".")[2].split(".")):
                body = {name.removesuffix("[]"): [body] if name.endswith("[]") else body}
            answer = world.call(method, address.format(anime=world.anime.pk, **world.paths), body, by=by)
            assert answer.status_code < 500, (field, text[:80], answer.content[:300])
            if answer.status_code >= 400:
                assert json.loads(answer.content)["error"], (field, text[:80])


ADDRESSES = {
    "auth_2fa_enable": ("POST", "auth/2fa/enable"),
    "auth_2fa_verify_login": ("POST", "auth/2fa/verify-login"),
    "auth_email": ("POST", "auth/email"),
    "auth_email_confirm": ("POST", "auth/email/confirm"),
    "auth_login": ("POST", "auth/login"),
    "auth_oauth_link": ("POST", "auth/oauth/google/link"),
    "auth_oauth_token": ("POST", "auth/oauth/token"),
    "auth_password": ("POST", "auth/password"),
    "auth_register": ("POST", "auth/register"),
    "auth_reset_password": ("POST", "auth/reset-password"),
    "auth_verify_email": ("POST", "auth/verify-email"),
    "users_me_deletion_confirm": ("POST", "users/me/deletion/confirm"),
    "devices_register": ("POST", "devices/register"),
    "anime_comment_add": ("POST", "anime/{anime}/comments"),
    "post_create": ("POST", "posts"),
    "post_update": ("PATCH", "{post}"),
    "post_comment_add": ("POST", "{post}/comments"),
    "users_me_update": ("PATCH", "users/me"),
    "users_me_complete_setup": ("POST", "users/me/complete-setup"),
    "anime_list_add": ("POST", "anime-list"),
    "anime_list_change": ("PATCH", "anime-list/{anime}"),
    "anime_list_bulk": ("POST", "anime-list/bulk"),
    "imports_create": ("POST", "anime-list/imports"),
    "progress_save": ("PUT", "users/me/progress"),
    "episode_report": ("POST", "anime/{anime}/episodes/1/report"),
    "collection_items_add": ("POST", "{collection}/items"),
    "post_image_upload": ("POST", "posts/images"),
    "admin_report_update": ("PATCH", "{report}"),
    "admin_anime_create": ("POST", "admin/anime"),
    "admin_anime_update": ("PATCH", "admin/anime/{anime}"),
    **DOWNLOADS_ADDRESSES,
}
"""Where the operations of `REFUSED` are."""
