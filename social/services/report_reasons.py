"""Why something is reported: the codes of the reference for people and what they write, kuudere's for episodes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from social.models import ReportTarget


class ReportReason(TextChoices):
    """Every reason; which of them fit a target says `reasons_for`."""

    SPAM = "spam", _("Spam or advertising")
    HARASSMENT = "harassment", _("Harassment or bullying")
    HATE_SPEECH = "hate_speech", _("Hate speech")
    NSFW = "nsfw", _("Sexual or shocking content")
    SPOILER = "spoiler", _("A spoiler that is not marked")
    IMPERSONATION = "impersonation", _("Pretends to be somebody else")
    UNDERAGE = "underage", _("Is too young to be here")
    SELF_HARM = "self_harm", _("Somebody may hurt themselves")
    DEAD_SOURCE = "dead_source", _("It does not play")
    WRONG_EPISODE = "wrong_episode", _("It is another episode")
    BAD_SUBTITLES = "bad_subtitles", _("Subtitles are wrong or missing")
    OUT_OF_SYNC = "out_of_sync", _("Sound or subtitles are out of sync")
    BAD_AUDIO = "bad_audio", _("The sound is bad or missing")
    WRONG_ANIME = "wrong_anime", _("It is another anime")
    ADULT_NOT_MARKED = "adult_not_marked", _("It is for adults and not marked so")
    OTHER = "other", _("Something else")


URGENT = frozenset({ReportReason.SELF_HARM.value})
"""Reasons that go first in the queue."""

_R = ReportReason
_PERSON = (
    _R.SPAM,
    _R.HARASSMENT,
    _R.HATE_SPEECH,
    _R.NSFW,
    _R.IMPERSONATION,
    _R.UNDERAGE,
    _R.SELF_HARM,
    _R.OTHER,
)
"""Reference: POST /users/:userID/report."""
_WRITTEN = (*_PERSON[:4], _R.SPOILER, *_PERSON[4:])
_EPISODE = (
    _R.DEAD_SOURCE,
    _R.WRONG_EPISODE,
    _R.BAD_SUBTITLES,
    _R.OUT_OF_SYNC,
    _R.BAD_AUDIO,
    _R.WRONG_ANIME,
    _R.ADULT_NOT_MARKED,
    _R.OTHER,
)
_FITTING = {
    ReportTarget.USER: _PERSON,
    ReportTarget.POST: _WRITTEN,
    ReportTarget.COMMENT: _WRITTEN,
    ReportTarget.COLLECTION: _WRITTEN,
    ReportTarget.EPISODE: _EPISODE,
}


def reasons_for(target: str) -> tuple[ReportReason, ...]:
    """The reasons that fit a `ReportTarget`, in the order in which they are offered."""
    return _FITTING[ReportTarget(target)]


def reason_label(code: str) -> Text:
    """The words of a reason; one that is no more is shown as it was stored."""
    return ReportReason(code).label if code in ReportReason.values else code


__all__ = ["URGENT", "ReportReason", "reason_label", "reasons_for"]
