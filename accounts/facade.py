"""What other apps may ask of accounts."""

from typing import TYPE_CHECKING

from accounts.access import current_session
from accounts.display_text import line_clean, paragraphs_clean
from accounts.events import NoticeSent, UserErased
from accounts.links import link_base
from accounts.live.identity import identity_of
from accounts.models import Role, User
from accounts.notices import NoticeKind, notice_kind, notice_kind_get, notice_kinds
from accounts.permissions import can_moderate, role_allows, role_permissions
from accounts.querysets.users import people_shown_filter
from accounts.relations import are_friends, friends_among, friends_register, hiding_register
from accounts.selectors.notices import Channels, notice_channels_of_many
from accounts.selectors.sessions import session_by_access_token
from accounts.selectors.users import (
    Seen,
    people_by_ids,
    people_search,
    people_seen,
    people_visible,
    person_by_username,
    person_seen,
    sees,
)
from accounts.services.avatars import avatar_moderate
from accounts.services.mails import mail_send
from accounts.services.mutes import muted_check, muted_row_check, user_mute
from accounts.services.notices import notice_send
from accounts.services.profiles import bio_moderate
from accounts.services.push import push_send
from accounts.site_sessions import staff_timeout_register
from accounts.templatetags.people import avatar
from accounts.visibility import Visibility

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

HIDDEN_VIEWERS = frozenset({Role.TESTER, Role.ADMIN, Role.SUPERADMIN})
TIMECODE_EDITORS = frozenset({Role.TESTER, Role.MODERATOR, Role.ADMIN, Role.SUPERADMIN})


def sees_hidden(user: "User | AnonymousUser") -> bool:
    """Testers, admins and superadmins see anime that are hidden or restricted (reference: GET /anime/:id)."""
    return bool(user.is_authenticated and user.role in HIDDEN_VIEWERS)


def edits_timecodes(user: "User | AnonymousUser") -> bool:
    """Moderators, admins, testers and superadmins curate timecodes (reference: PUT /staff/anime/:id/timecodes/:ep)."""
    return bool(user.is_authenticated and user.role in TIMECODE_EDITORS)


def sees_adult(user: "User | AnonymousUser") -> bool:
    """Whether this account asked for adult titles."""
    return bool(user.is_authenticated and user.shows_adult)


def player_preferences(user: "User | AnonymousUser") -> dict[str, bool | str] | None:
    """What a signed-in person wants the player to do, as `PATCH /users/me` names it; None for strangers."""
    if not user.is_authenticated:
        return None
    names = ("auto_play", "auto_next", "auto_skip_opening", "auto_skip_ending", "default_language")
    return {name: getattr(user, name) for name in names}


__all__ = [
    "Channels",
    "NoticeKind",
    "NoticeSent",
    "Role",
    "Seen",
    "User",
    "UserErased",
    "Visibility",
    "are_friends",
    "avatar",
    "avatar_moderate",
    "bio_moderate",
    "can_moderate",
    "current_session",
    "edits_timecodes",
    "friends_among",
    "friends_register",
    "hiding_register",
    "identity_of",
    "line_clean",
    "link_base",
    "mail_send",
    "muted_check",
    "muted_row_check",
    "notice_channels_of_many",
    "notice_kind",
    "notice_kind_get",
    "notice_kinds",
    "notice_send",
    "paragraphs_clean",
    "people_by_ids",
    "people_search",
    "people_seen",
    "people_shown_filter",
    "people_visible",
    "person_by_username",
    "person_seen",
    "player_preferences",
    "push_send",
    "role_allows",
    "role_permissions",
    "sees",
    "sees_adult",
    "sees_hidden",
    "session_by_access_token",
    "staff_timeout_register",
    "user_mute",
]
