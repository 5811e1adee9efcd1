"""What a program may do that calls with a key instead of a person's sign-in: scopes, and how a view is held to them."""

from abc import ABC, abstractmethod
from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import PermissionDenied

HEADER = "HTTP_X_API_KEY"
"""Where a key comes, as WSGI names the header `X-API-Key`."""


class Scope(TextChoices):
    """A named part of what its person may do. Views name them by these values (`View.scopes`)."""

    CATALOG_READ = "catalog:read", _("Read the catalogue")
    LISTS_READ = "lists:read", _("Read lists and progress")
    LISTS_WRITE = "lists:write", _("Change lists and progress")
    PROFILE_READ = "profile:read", _("Read profiles")
    PROFILE_WRITE = "profile:write", _("Change the profile")
    SOCIAL_READ = "social:read", _("Read posts and comments")
    SOCIAL_WRITE = "social:write", _("Post and comment")
    ROOMS_READ = "rooms:read", _("Read rooms and chats")
    ROOMS_WRITE = "rooms:write", _("Take part in rooms and chats")

    @property
    def explanation(self) -> str | Promise:
        """One sentence for whoever decides whether a key gets it."""
        return _EXPLANATIONS[self]


_EXPLANATIONS: dict[Scope, str | Promise] = {
    Scope.CATALOG_READ: _("Anime, episodes, the schedule and search, as you see them."),
    Scope.LISTS_READ: _("Your list, your progress and your history."),
    Scope.LISTS_WRITE: _("Set statuses, scores and progress; clear them too."),
    Scope.PROFILE_READ: _("Your own profile with its e-mail address, and the profiles you may see."),
    Scope.PROFILE_WRITE: _(
        "Your names, picture, description, preferences and who sees what; never password or e-mail address."
    ),
    Scope.SOCIAL_READ: _("Feeds, comments, friends and notifications."),
    Scope.SOCIAL_WRITE: _("Write posts and comments, react, and ask for friendship in your name."),
    Scope.ROOMS_READ: _("Watch-parties, servers and messages that you may read."),
    Scope.ROOMS_WRITE: _("Open and join watch-parties and write messages in your name."),
}


class ProgramCredential(ABC):
    """What `request.auth` is when a program calls: no person's sign-in, only what was granted."""

    @property
    @abstractmethod
    def scopes(self) -> Collection[str]:
        """The scopes that were granted."""


class InteractiveSessionRequired(PermissionDenied):
    """An API key came where only a person's own sign-in is accepted (threat 30)."""

    code = "interactive_session_required"
    title = _("API keys are not accepted here: sign in")


class ScopeMissing(PermissionDenied):
    """The key was not given what this needs; `scope` names it."""

    code = "scope_missing"
    title = _("This API key lacks a scope")


def scope_check(credential: object, needed: str | None) -> None:
    """Raise unless `credential`, of a request that carries a key, grants `needed`; where nothing is named no key will do."""
    if needed is None or not isinstance(credential, ProgramCredential):
        raise InteractiveSessionRequired()
    if needed not in credential.scopes:
        raise ScopeMissing(_("It needs the scope “%(scope)s”.") % {"scope": needed}, extra={"scope": str(needed)})
