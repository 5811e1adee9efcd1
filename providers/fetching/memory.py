"""Pages with what makes the next request for them conditional, so that an unchanged page costs its provider nothing."""

import datetime
import gzip
import hashlib
import zlib

from django.utils import timezone

from core import egress
from providers.fetching.pages import Page
from providers.models import Provider, RememberedPage

MAX_TEXT_BYTES = 1024 * 1024
"""Longer pages are asked for anew each time."""


def page_recall(*, provider: Provider, url: str) -> RememberedPage | None:
    """What is remembered of the page at `url`."""
    return RememberedPage.objects.filter(provider=provider, digest=_digest(url)).first()


def page_confirm(kept: RememberedPage) -> Page | None:
    """The remembered page once the provider said that it still holds (304); None when it cannot be opened any more."""
    try:
        text = gzip.decompress(bytes(kept.body)).decode()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        kept.delete()
        return None
    now = timezone.now()
    RememberedPage.objects.filter(pk=kept.pk).update(fetched_at=now)
    return Page(kept.url, text, now, status=304, content_type=kept.content_type, is_unchanged=True)


def page_remember(*, provider: Provider, url: str, page: Page, answer: egress.Response) -> None:
    """Keep a page that says how to ask for it conditionally; forget one that no longer does, or that
    has grown too long for it."""
    body = page.text.encode()
    is_short = len(answer.etag) <= 200 and len(answer.last_modified) <= 64 and len(page.url) <= 1000
    if not (answer.etag or answer.last_modified) or not is_short or len(body) > MAX_TEXT_BYTES:
        RememberedPage.objects.filter(provider=provider, digest=_digest(url)).delete()
        return
    RememberedPage.objects.update_or_create(
        provider=provider,
        digest=_digest(url),
        defaults={
            "url": page.url,
            "etag": answer.etag,
            "last_modified": answer.last_modified,
            "content_type": page.content_type,
            "body": gzip.compress(body, 5, mtime=0),
            "fetched_at": page.fetched_at,
        },
    )


def pages_forget(*, older_than: datetime.timedelta) -> int:
    """Delete what was neither read nor confirmed for so long; how many went."""
    return RememberedPage.objects.filter(fetched_at__lt=timezone.now() - older_than).delete()[0]


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode(errors="surrogatepass")).hexdigest()
