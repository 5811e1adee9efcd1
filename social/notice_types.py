"""The shelves on which the page of notifications and the API sort them: a kind, or several under one name."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.facade import notice_kinds
from core.errors import Text
from social import notices

SHELVES: Mapping[str, tuple[str, ...]] = {
    "conversations": (notices.MENTION.code, notices.REPLY.code, notices.COMMENT.code),
    "people": (notices.FRIEND_REQUEST.code, notices.FRIEND_ACCEPTED.code, notices.FOLLOWED.code),
    "likes": (notices.REACTION.code, notices.UPVOTE.code),
    "episodes": (notices.NEW_EPISODE.code,),
}
SITE = "site"
"""The shelf of all the rest: reports, sign-ins, exports, and what later apps tell."""
LABELS: Mapping[str, Text] = {
    "conversations": _("Conversations"),
    "people": _("People"),
    "likes": _("Likes"),
    "episodes": _("Episodes"),
    SITE: _("Site"),
}


def kinds_of(name: str) -> tuple[str, ...] | None:
    """The kinds that `name` stands for, a shelf's or a kind's own; None when it is neither."""
    if name in SHELVES:
        return SHELVES[name]
    known = tuple(kind.code for kind in notice_kinds())
    if name == SITE:
        shelved = {code for codes in SHELVES.values() for code in codes}
        return tuple(code for code in known if code not in shelved)
    return (name,) if name in known else None
