"""What the community refuses."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, PermissionDenied


class WithOneself(DomainError):
    """One is not one's own friend, follower or reporter."""

    code = "with_oneself"
    status = 400
    title = _("That is you")


class AlreadyFriends(Conflict):
    code = "already_friends"
    title = _("You are friends already")


class AlreadyRequested(Conflict):
    code = "already_requested"
    title = _("You have asked already")


class Blocked(PermissionDenied):
    """The caller blocked this person; unblocking comes first. Who is blocked learns nothing: the other is not found."""

    code = "blocked"
    title = _("You have blocked this person")


class TooManyFriends(Conflict):
    code = "too_many_friends"
    title = _("One of you has no room for more friends")


class TooManyFollowed(Conflict):
    code = "too_many_followed"
    title = _("You follow as many people as one can")


class ThreadLocked(Conflict):
    """Staff closed the conversation; it is read on."""

    code = "thread_locked"
    title = _("This conversation is closed")


class ReplyTooDeep(Conflict):
    code = "reply_too_deep"
    title = _("This conversation is nested too deeply; answer further up")


class CommentDeleted(Conflict):
    """Nothing is voted on, answered or edited that was deleted."""

    code = "comment_deleted"
    title = _("This was deleted")


class EditWindowOver(Conflict):
    code = "edit_window_over"
    title = _("It is too old to be edited")


class TooManyImages(Conflict):
    code = "too_many_images"
    title = _("Too many pictures wait to be posted")


class CategoryClosed(PermissionDenied):
    code = "category_closed"
    title = _("Only staff post here")


class AlreadyReported(Conflict):
    code = "already_reported"
    title = _("You have reported this already")


class ReportTaken(Conflict):
    """Somebody else works on it; taking it over has to be said."""

    code = "report_taken"
    title = _("Somebody else looks at this report")


class ReportIsClosed(Conflict):
    code = "report_closed"
    title = _("This report is closed")
