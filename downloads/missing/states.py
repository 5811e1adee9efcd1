"""What is said of an episode that the library may keep: present, or missing and why."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class GapState(models.TextChoices):
    """In the order in which they are asked after: the first that is true is said (`state_of`)."""

    PRESENT = "present", _("Present")
    IN_QUEUE = "in_queue", _("In the queue")
    NOT_AIRED = "not_aired", _("Not aired yet")
    NO_SOURCE = "no_source", _("No source")
    NO_ALLOWED_HOST = "no_allowed_host", _("No allowed host")
    FAILED = "failed", _("Failed")
    READY = "ready", _("Can be fetched")


FILLABLE = frozenset({GapState.FAILED, GapState.READY})
"""Something can be fetched now."""
REASONS = tuple(state for state in GapState if state is not GapState.PRESENT)


@dataclass(frozen=True, slots=True)
class Wish:
    """The variant that is wanted: `kind` dub, sub or raw and `language` BCP 47, "" takes any.

    A strict one is what a person chose: a file, a download or a failure in another variant is none. Otherwise the episode in
    whatever variant will do, and the wish only says from which sources it would be fetched.
    """

    kind: str = ""
    language: str = ""
    is_strict: bool = False

    def takes(self, kind: str, language: str) -> bool:
        """Whether something of this variant is what is wanted. "pt" takes "pt-BR", not the other way round."""
        if self.kind and self.kind != kind:
            return False
        spoken, wanted = language.lower(), self.language.lower()
        return not wanted or spoken == wanted or spoken.startswith(f"{wanted}-")

    def counts(self, kind: str, language: str) -> bool:
        """Whether what is there in this variant stands for the episode."""
        return not self.is_strict or self.takes(kind, language)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of an episode in the wanted variant. `has_source`: a stream or file that is enabled and not dead;
    `has_allowed`: one of them on a host that the operator allows; `has_failed`: the last download ended without a file.
    """

    is_present: bool = False
    is_live: bool = False
    has_aired: bool = True
    has_source: bool = False
    has_allowed: bool = False
    has_failed: bool = False


def state_of(seen: Evidence) -> GapState:
    """The state of an episode: what stands in the way first.

    A file counts above all, then what is on its way. What can be had is not "not aired", whatever its date says; and a
    failure is only said where another try could help, for what has no source any more would fail again.
    """
    if seen.is_present:
        return GapState.PRESENT
    if seen.is_live:
        return GapState.IN_QUEUE
    if not seen.has_source:
        return GapState.NO_SOURCE if seen.has_aired else GapState.NOT_AIRED
    if not seen.has_allowed:
        return GapState.NO_ALLOWED_HOST
    return GapState.FAILED if seen.has_failed else GapState.READY
