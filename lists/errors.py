"""What lists refuse."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, NotFound


class NotOnList(NotFound):
    """The anime is not on the caller's list."""

    code = "not_on_list"
    title = _("This anime is not on your list")


class NothingLeftToWatch(Conflict):
    """All episodes that the anime has are counted already."""

    code = "no_next_episode"
    title = _("All episodes are counted already")


class ChangedSince(Conflict):
    """Undoing would overwrite something newer."""

    code = "changed_since"
    title = _("It has been changed since then")


class AlreadyUndone(Conflict):
    code = "already_undone"
    title = _("This was undone already")
