"""What lists refuse."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, NotFound


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


class TooManyCollections(Conflict):
    code = "too_many_collections"
    title = _("You have as many collections as one may have")


class TooManyItems(Conflict):
    code = "too_many_items"
    title = _("The collection would have more anime than one may have")


class TooManyGroups(Conflict):
    code = "too_many_groups"
    title = _("The collection has as many groups as one may have")


class ChallengeLocked(Conflict):
    """Its owner could otherwise make it shorter, and claim."""

    code = "challenge_locked"
    title = _("What is in a challenge is changed by the administrators only")


class NotAChallenge(DomainError):
    code = "not_a_challenge"
    title = _("This collection is not a challenge")


class ChallengeNotComplete(DomainError):
    """`extra["progress"]` says how far the caller is."""

    code = "challenge_not_complete"
    title = _("You have not completed every anime of this challenge")


class ChallengeAlreadyClaimed(Conflict):
    """`extra["progress"]` says how far the caller is."""

    code = "challenge_already_claimed"
    title = _("You have claimed this challenge already")


class ImportRunning(Conflict):
    """One import a person at a time; `extra["import_id"]` names the one under way."""

    code = "import_running"
    title = _("An import of yours is being worked on already")


class ImportNotReady(Conflict):
    """What was asked for does not follow on the state that the import is in (`extra["state"]`)."""

    code = "import_not_ready"
    title = _("This import is not at that point")


class ImportExpired(DomainError):
    """Its lines are kept for 90 days."""

    code = "import_expired"
    status = 410
    title = _("The lines of this import are no longer kept")


class ScrobbleDecided(Conflict):
    """What a play is was said already, perhaps by another device a moment ago; its rule can be changed."""

    code = "scrobble_decided"
    title = _("It has been decided already")


class TooManyScrobbleRules(Conflict):
    code = "too_many_scrobble_rules"
    title = _("You have as many rules for media servers as one may have")


class WebhookUnreadable(DomainError):
    """What was posted to a scrobble address is no message of that media server."""

    code = "webhook_unreadable"
    title = _("This is no message of that media server")
