"""Titles as providers tell them: cards of lists, whole pages, and titles that somebody names by slug."""

import datetime
import hashlib
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from catalog.facade import AnimeKind, AnimeStatus
from providers.adapters.drafts import Card, Detail
from providers.enriching.ages import TRIED_AGAIN
from providers.errors import TitleGone
from providers.models import Provider, ProviderTitle

MAX_SLUG = 255
MAX_TITLE = 500
MAX_URL = 1000
MAX_PROSE = 20_000
MAX_NAMES = 100
"""How many other titles, genres or studios of a page are kept."""
MAX_RANK = 32_000
MAX_COUNT = 2_147_483_647

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SLUG_REFUSED = re.compile(r"""[ /\\?#<>"'`&]""")
UNCONFIRMED = Q(title="", anime=None)
"""Titles that somebody asked for, and of which no list and no page of the provider has told yet."""
_SPACE = re.compile(r"\s+")


def slug_is_formed(slug: str) -> bool:
    """Whether a slug can be stored and asked for: 1–255 characters that are seen, no space, nothing of markup or addresses."""
    if not 0 < len(slug) <= MAX_SLUG or slug in (".", ".."):
        return False
    return slug.isprintable() and not _SLUG_REFUSED.search(slug)  # printable: no controls, formats, other spaces


def title_open(*, provider: Provider, slug: str) -> ProviderTitle:
    """The title of this slug; one that nobody has seen is made without a name, known to nobody until the provider tells it.

    Raises `TitleGone` for a slug that no provider can have.
    """
    if not slug_is_formed(slug):
        raise TitleGone()
    row, _created = ProviderTitle.objects.get_or_create(provider=provider, slug=slug, defaults={"title": ""})
    return row


def titles_forget(*, ids: Iterable[int] | None = None, older_than: datetime.timedelta = datetime.timedelta()) -> int:
    """Delete titles that were asked for and that their provider never told of, of these ids or all; how many went.

    That the provider said that it has not got them is remembered for a day (`title_is_missing`).
    """
    with transaction.atomic():
        rows = ProviderTitle.objects.select_for_update(of=("self",)).filter(UNCONFIRMED)
        rows = rows.filter(created_at__lte=timezone.now() - older_than)
        held = list((rows if ids is None else rows.filter(pk__in=list(ids))).order_by("pk"))
        ProviderTitle.objects.filter(pk__in=[row.pk for row in held]).delete()
    for row in held:
        if row.gone_at is not None:
            cache.set(_missing_key(row.provider_id, row.slug), True, TRIED_AGAIN.total_seconds())
    return len(held)


def title_is_missing(*, provider: Provider, slug: str) -> bool:
    """Whether the provider said within a day that it has no such title."""
    return bool(cache.get(_missing_key(provider.pk, slug)))


def cards_store(*, provider: Provider, cards: Iterable[Card], is_home: bool = False) -> list[ProviderTitle]:
    """Store what a list says; the rows in the list's order, each slug once, one transaction and five queries.

    The list of the home page (`is_home`) also ranks them, and takes its rank from every title that is not there any more.
    A higher episode number than the known one moves `released_at` to now, on the home page also the first one. Cards without
    a slug or a title are left out; what the title's own page said stays.
    """
    drafts: dict[str, Card] = {}
    for card in cards:
        if slug_is_formed(card.slug) and _line(card.title):
            drafts.setdefault(card.slug, card)
    now = timezone.now()
    with transaction.atomic():
        rows = ProviderTitle.objects.filter(provider=provider)
        listed = Q(slug__in=list(drafts))
        # One list of a provider after another; titles in the order in which everybody holds them.
        Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
        held = (
            rows.select_for_update().filter(listed | Q(home_rank__isnull=False) if is_home else listed).order_by("pk")
        )
        known = {row.slug: row for row in held if row.slug in drafts}
        new = [_card_row(provider, card, now, is_home) for slug, card in drafts.items() if slug not in known]
        ProviderTitle.objects.bulk_create(new, ignore_conflicts=True)
        if new:
            # Rows that another process made at the same moment are its own; ids come back from neither database here.
            known = {row.slug: row for row in rows.select_for_update().filter(listed).order_by("pk")}
        fields: set[str] = set()
        for rank, (slug, card) in enumerate(drafts.items()):
            fields |= _card_apply(known[slug], card, now, min(rank, MAX_RANK) if is_home else None)
        if fields:
            ProviderTitle.objects.bulk_update(known.values(), [*sorted(fields)], batch_size=200)
        if is_home:
            rows.exclude(home_rank=None).exclude(slug__in=list(drafts)).update(home_rank=None)
    return [known[slug] for slug in drafts]


def detail_store(*, title: ProviderTitle, detail: Detail) -> ProviderTitle:
    """Store all that the page of a title says, in one statement; a page that is silent on something takes it away."""
    changes: dict[str, Any] = {
        "url": _address(detail.url) or title.url,
        "title": _line(detail.title) or title.title or title.slug,
        "alternative_titles": _names(detail.alternative_titles),
        "native_title": _line(detail.native_title),
        "english_title": _line(detail.english_title),
        "synopsis": _UNSTORABLE.sub("", detail.synopsis)[:MAX_PROSE].strip(),
        "cover_url": _address(detail.cover_url) or title.cover_url,
        "kind": detail.kind if detail.kind in AnimeKind.values else "",
        "status": detail.status if detail.status in AnimeStatus.values else "",
        "year": _year(detail.year),
        "released_on": detail.released_on,
        "episode_count": _count(detail.episode_count),
        "duration_seconds": _count(detail.duration_seconds),
        "score": detail.score if detail.score is not None and 0 < detail.score <= 100 else None,
        "genres": _names(detail.genres),
        "studios": _names(detail.studios),
        "detail_at": timezone.now(),
        "gone_at": None,
    }
    for name, value in changes.items():
        setattr(title, name, value)
    title.save(update_fields=[*changes, "updated_at"])
    return title


def title_gone(*, title: ProviderTitle) -> ProviderTitle:
    """Note that the provider has this title no more; the first time that it said so stays."""
    if title.gone_at is None:
        title.gone_at = timezone.now()
        title.save(update_fields=["gone_at", "updated_at"])
    return title


def _missing_key(provider_id: int, slug: str) -> str:
    digest = hashlib.sha256(slug.encode("utf-8", "replace")).hexdigest()[:32]
    return f"providers.missing:{provider_id}:{digest}"


def _card_row(provider: Provider, card: Card, now: datetime.datetime, is_home: bool) -> ProviderTitle:
    """A title seen for the first time. Only a home page says when its newest episode came out: now, as far as we know."""
    newest = _count(card.episode)
    return ProviderTitle(
        provider=provider,
        slug=card.slug,
        title=_line(card.title),
        url=_address(card.url),
        latest_episode=newest,
        released_at=now if is_home and newest is not None else None,
        created_at=now,
        updated_at=now,
    )


def _card_apply(row: ProviderTitle, card: Card, now: datetime.datetime, rank: int | None) -> set[str]:
    """Set what the card says and give back the names of what differs; a page that was read knows better than a card."""
    said: dict[str, Any] = {"home_rank": rank} if rank is not None else {}
    told: dict[str, Any] = {
        "title": _line(card.title),
        "cover_url": _address(card.cover_url),
        "kind": card.kind if card.kind in AnimeKind.values else "",
        "status": card.status if card.status in AnimeStatus.values else "",
        "year": _year(card.year),
    }
    is_read = row.detail_at is not None
    said |= {name: value for name, value in told.items() if value and not (is_read and getattr(row, name))}
    if url := _address(card.url):
        said["url"] = url
    newest = _count(card.episode)
    if newest is not None and newest > (row.latest_episode or 0):
        said["latest_episode"] = newest
        if (
            rank is not None or row.latest_episode is not None
        ):  # a search tells nothing of when its first number came out
            said["released_at"] = now
    changed = {name for name, value in said.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, said[name])
    if changed:
        row.updated_at = now
        changed.add("updated_at")
    return changed


def _line(text: str) -> str:
    return _SPACE.sub(" ", _UNSTORABLE.sub("", text)).strip()[:MAX_TITLE].rstrip()


def _address(url: str) -> str:
    """An http(s) address that can be stored, else ""."""
    if len(url) > MAX_URL or _UNSTORABLE.search(url) or _SPACE.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def _names(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for name in names if (text := _line(name))))[:MAX_NAMES]


def _year(year: int | None) -> int | None:
    return year if year is not None and 1900 <= year <= 2200 else None


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= MAX_COUNT else None
