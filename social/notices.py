"""The kinds of notices that people cause each other, and what new episodes cause (`accounts.notices` has the rules).

Every sentence may name `who`: "A", "A and B", "A and 12 others". Their mail is the digest.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.facade import NoticeKind, notice_kind


def _kind(
    code: str,
    title: Any,
    text: Any,
    *,
    url: str = "/notifications",
    push: bool = False,
    mail: bool = False,
    **rest: Any,
) -> NoticeKind:
    return notice_kind(code, title=title, text=text, url=url, by_push=push, by_email=mail, is_digested=True, **rest)


FRIEND_REQUEST = _kind(
    "friend_request",
    _("Friend request"),
    _("%(who)s would like to be your friend."),
    url="/friends",
    push=True,
    mail=True,
)
FRIEND_ACCEPTED = _kind("friend_accepted", _("New friend"), _("You are friends with %(who)s now."), url="/friends")
FOLLOWED = _kind("followed", _("New follower"), _("%(who)s started to follow you."))
MENTION = _kind("mention", _("You were mentioned"), _("%(who)s mentioned you: %(about)s"), push=True, mail=True)
REPLY = _kind("reply", _("Answer to you"), _("%(who)s answered you: %(about)s"), push=True, mail=True)
COMMENT = _kind("comment", _("Comment on something of yours"), _("%(who)s commented: %(about)s"), mail=True)
REACTION = _kind("reaction", _("Reaction to your post"), _("%(who)s reacted to “%(about)s”."))
UPVOTE = _kind("upvote", _("Votes for your comment"), _("%(who)s liked what you wrote: %(about)s"))
NEW_EPISODE = _kind(
    "new_episode",
    _("New episode"),
    _("%(about)s: episode %(episode)s is here (%(variant)s)."),
    push=True,
    mail=True,
)
REPORT_OUTCOME = _kind("report_outcome", _("Your report"), _("What became of your report: %(about)s"), mail=True)
REPORT_FILED = _kind("report_filed", _("Report to look at"), _("A report waits: %(about)s"), is_for_staff=True)
"""To everybody who moderates (reference: POST /users/:userID/report)."""
