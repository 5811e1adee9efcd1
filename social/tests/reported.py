"""Things that may be reported, made for tests."""

from typing import Any

from accounts.models import User
from catalog.models import EpisodeKind
from catalog.tests.factories import AnimeFactory, EpisodeFactory, EpisodeSourceFactory
from lists.services.collections import collection_create
from social.access_reports import Named
from social.models import Report, ReportTarget
from social.services.reports import ReportDraft, report_file
from social.tests.comments import said, target_of
from social.tests.posts import post_of

WRITTEN = ("user", "post", "comment", "collection")


def named_of(target: str, owner: User) -> Named:
    """Something of this kind, `owner`'s where it belongs to somebody."""
    if target == "user":
        return Named(ReportTarget.USER, id=owner.pk)
    if target == "post":
        return Named(ReportTarget.POST, id=post_of(owner, title="A loud post", body="Buy **this**").pk)
    if target == "comment":
        return Named(ReportTarget.COMMENT, id=said(owner, target_of(owner, AnimeFactory.create()), "rude words").pk)
    if target == "collection":
        made = collection_create(actor=owner, title="A rude shelf", description="of things", visibility="public")
        return Named(ReportTarget.COLLECTION, id=made.pk)
    episode = EpisodeFactory.create(number=3, kind=EpisodeKind.REGULAR)
    source = EpisodeSourceFactory.create(episode=episode)
    return Named(ReportTarget.EPISODE, anime_id=episode.anime_id, number=3, source_id=source.pk)


def reason_of(target: str) -> str:
    """A reason that fits."""
    return "dead_source" if target == "episode" else "spam"


def report_of(reporter: User, named: Named, **draft: Any) -> Report:
    """A report filed through the service."""
    return report_file(actor=reporter, named=named, draft=ReportDraft(**{"reason": reason_of(named.target), **draft}))
