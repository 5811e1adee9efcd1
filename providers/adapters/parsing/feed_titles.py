"""From the items of a feed to titles and their episodes, by what the items are called."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from django.utils.text import slugify

from providers.adapters.drafts import EpisodeDraft
from providers.adapters.parsing.episodes import MAX_EPISODES
from providers.adapters.parsing.feed_items import FeedItem
from providers.adapters.parsing.links import MAX_SLUG
from providers.adapters.parsing.release_names import ReleaseName, release_read

_SLUG_TEXT = 200


@dataclass(slots=True)
class FeedTitle:
    """A title with its items, the newest first; each with what its name says."""

    slug: str
    title: str
    year: int | None = None
    entries: list[tuple[FeedItem, ReleaseName]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where its newest item leads."""
        return self.entries[0][0].url

    @property
    def cover_url(self) -> str:
        return next((item.cover_url for item, _name in self.entries if item.cover_url), "")

    @property
    def newest(self) -> int | None:
        """The highest episode number told."""
        return max(
            (name.last for _item, name in self.entries if name.last is not None and not name.extra), default=None
        )

    def episodes(self) -> tuple[EpisodeDraft, ...]:
        """By number, batches and what has none at the end, each address once; openings, endings and trailers are none."""
        drafts = [_episode(item, name) for item, name in self.entries if name.extra in ("", "special")]
        once = list({draft.url: draft for draft in reversed(drafts)}.values())
        once.sort(key=lambda draft: (draft.is_batch, draft.season == 0, draft.first is None, draft.first or 0))
        return tuple(once[:MAX_EPISODES])


def titles_grouped(items: Iterable[FeedItem]) -> dict[str, FeedTitle]:
    """{slug: title}, the newest first. A season beyond the first is a title of its own, as it is in the catalogue."""
    ordered = list(items)
    if all(item.published_on for item in ordered):
        ordered.sort(key=lambda item: str(item.published_on), reverse=True)
    found: dict[str, FeedTitle] = {}
    for item in ordered:
        name = _read(item)
        if not name.title:
            continue
        title = f"{name.title} Season {name.season}" if (name.season or 0) > 1 else name.title
        slug = slug_of(f"{title} {name.year}" if name.year else title)
        entry = found.setdefault(slug, FeedTitle(slug, title, name.year))
        entry.entries.append((item, name))
    return found


def slug_of(title: str) -> str:
    """The name of a title in addresses: the same for every spelling of its case and punctuation."""
    slug = slugify(title, allow_unicode=True)[:_SLUG_TEXT].strip("-_")
    return slug or f"title-{blake2b(title.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"[:MAX_SLUG]


def _read(item: FeedItem) -> ReleaseName:
    """What the feed says apart wins over what the item's name says."""
    name = release_read(item.title)
    first = item.episode if item.episode is not None else name.first
    last = item.episode if item.episode is not None else name.last
    return ReleaseName(
        title=item.show or name.title,
        first=first,
        last=last,
        season=item.season if item.season is not None else name.season,
        year=name.year,
        extra=name.extra,
        resolution=name.resolution,
        is_batch=name.is_batch and item.episode is None,
    )


def _episode(item: FeedItem, name: ReleaseName) -> EpisodeDraft:
    return EpisodeDraft(
        label=item.title,
        url=item.url,
        first=name.first,
        last=name.last,
        season=0 if name.extra == "special" else None,
        released_on=item.published_on,
        is_batch=name.is_batch,
    )
