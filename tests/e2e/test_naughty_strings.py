"""A collection, a comment and a name made of hostile strings, in a real browser: no dialog, nothing runs, no error."""

import json

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.people import sign_up
from tests.security.test_threat_34_naughty_strings import OWN

SEND = """async ([path, body]) => {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const answer = await fetch(`/api/v1/${path}`, {method: "POST", body,
    headers: {"Content-Type": "application/json", "X-CSRFToken": token}});
  return [answer.status, await answer.text()];
}"""
ACTS = """() => [...document.querySelectorAll("*")].flatMap((one) => [...one.attributes]
  .filter((name) => name.name.startsWith("on") || /^\\s*(javascript|vbscript|data:text)/i.test(name.value))
  .map((name) => `${one.tagName} ${name.name}=${name.value.slice(0, 60)}`))"""


def test_a_page_of_hostile_strings_does_nothing(page: Page, site: Site) -> None:
    sign_up(page, "naughty_person")
    page.goto("/settings")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    texts = [text for text in OWN if text.strip() and len(text) <= 500 and text.isprintable()]
    assert len(texts) >= 25

    def send(path: str, body: object) -> dict[str, str]:
        status, answer = page.evaluate(SEND, [path, json.dumps(body)])
        assert status == 201, answer
        return json.loads(answer)

    words = "\n\n".join(texts)
    found = send("collections", {"title": texts[20][:120], "description": words[:5_000], "visibility": "public"})
    items = [{"anime_id": 900_000 + n, "anime_title": text, "note": text} for n, text in enumerate(texts)]
    send(f"collections/{found['id']}/items", {"items": items})
    send(f"anime/{site.demo_id}/comments", {"body": words})
    for address in (
        f"/collections/{found['id']}",
        f"/collections/{found['id']}/edit",
        f"/anime/{site.demo_id}",
        f"/threads/anime/{site.demo_id}?sort=new",
        "/feed?tab=mine",
    ):
        page.goto(address)
        if "threads" in address:
            expect(page.locator(".comment", has_text="window.__pwned=1").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.__pwned") is None
        assert page.evaluate(ACTS) == []
    assert dialogs == []
