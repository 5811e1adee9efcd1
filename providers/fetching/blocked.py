"""Tells pages that keep programs out (challenges, walls) from pages that answer; nothing here gets around them."""

import re

LONGEST = 150_000
"""Walls are small: in a longer page only the title is looked at."""
_LITTLE_TEXT = 1_500
_FEW_LINKS = 20
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_TITLES = (
    "just a moment",
    "attention required!",
    "ddos-guard",
    "access denied",
    "checking your browser",
    "one moment, please",
    "security check",
    "are you a robot",
    "are you human",
    "human verification",
    "bot verification",
    "robot challenge",
    "captcha",
    "website firewall",
    "you have been blocked",
)
# Scripts of challenges. Cloudflare puts "/cdn-cgi/challenge-platform/" into ordinary pages too, so that one is none.
_SCRIPTS = (
    "_cf_chl_opt",
    "cf-challenge-running",
    'id="challenge-form"',
    "challenge-error-text",
    "ddos-guard/js-challenge",
    "check.ddos-guard.net",
    "sucuri_cloudproxy_js",
    "geo.captcha-delivery.com",
    "px-captcha",
    "_incapsula_resource",
    "awswafintegration",
)
_CAPTCHAS = ("g-recaptcha", "h-captcha", "cf-turnstile")
_AGE = re.compile(r"age.?verif|verify your age|age.?gate|are you (?:over |at least )?1[68]|(?:over|under) 1[68]\b|18\+")


def block_reason(text: str, *, headers_say: str = "") -> str:
    """What keeps us out ("challenge", "captcha", "login", "age"), "" for a page that answers.

    `headers_say` is the `cf-mitigated` header. Takes linear time in the length of the page.
    """
    if headers_say == "challenge":
        return "challenge"
    if text[:200].lstrip()[:1] in ("{", "[") or text[:500].lstrip().startswith(("<?xml", "<rss", "<feed")):
        return ""
    title = _TITLE.search(text[:20_000])
    if title and any(known in title[1].lower() for known in _TITLES):
        return "challenge"
    if len(text) > LONGEST:
        return ""
    page = text.lower()
    if any(script in page for script in _SCRIPTS):
        return "challenge"
    if any(captcha in page for captcha in _CAPTCHAS) and _has_little_text(page):
        return "captcha"
    if re.search(r"type=[\"']?password", page) and _has_little_text(page):
        return "login"
    if ("<form" in page or "<button" in page) and _AGE.search(page) and _has_little_text(page):
        return "age"
    return ""


def _has_little_text(page: str) -> bool:
    """Whether people see next to nothing and can go nowhere: a wall, not a page with a form in it."""
    if page.count("<a ") > _FEW_LINKS:
        return False
    seen, hidden_by = 0, ""
    for piece in page.split("<"):
        if hidden_by:
            if not piece.startswith(hidden_by):
                continue
            hidden_by = ""
        elif piece.startswith(("script", "style")):
            hidden_by = "/script" if piece.startswith("script") else "/style"
            continue
        seen += len(piece.partition(">")[2].strip())
    return seen < _LITTLE_TEXT
