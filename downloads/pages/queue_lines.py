"""Downloads of the queue in words: what they are, how far they are, why they failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.facade import CardView, EpisodeKnown, anime_cards, card_view, episodes_known
from core.errors import DomainError
from core.site.preferences import title_language_of
from downloads.configuration.store import configuration
from downloads.models import Download, DownloadAttempt, DownloadState, Stage
from downloads.pages.missing_lines import variant_words
from downloads.queue.telling import episode_code

ICONS = {
    DownloadState.RUNNING: "download",
    DownloadState.QUEUED: "clock",
    DownloadState.PAUSED: "pause",
    DownloadState.DONE: "circle-check",
    DownloadState.FAILED: "circle-alert",
    DownloadState.CANCELLED: "circle-slash",
}
SHORT = {
    Stage.RESOLVE: gettext_lazy("Source"),
    Stage.FETCH: gettext_lazy("Fetch"),
    Stage.VERIFY: gettext_lazy("Check"),
    Stage.REMUX: gettext_lazy("Join"),
    Stage.PLACE: gettext_lazy("Place"),
    Stage.INDEX: gettext_lazy("Index"),
}
"""One word for a sixth of a line; the whole name is `Stage.label`."""
ORDER = tuple(Stage)


@dataclass(frozen=True, slots=True)
class StageLine:
    """A sixth of the bar. `percent` of the stage is whole; `is_now`: the download is in it."""

    name: str
    label: str
    short: str
    percent: int
    is_now: bool


@dataclass(frozen=True, slots=True)
class AttemptLine:
    attempt: DownloadAttempt
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One download. `card` is None for an anime whose card nobody may see. Words are "" where nothing is known.

    `size` is what was fetched of how much, `speed` a second, `left` the time that the stage still takes. `reason` says why
    the last attempt failed, `attempt` which of how many it is. `watch` leads to the episode in the player.
    """

    download: Download
    card: CardView | None
    title: str
    code: str
    icon: str
    variant: str
    quality: str
    stages: tuple[StageLine, ...]
    stage: str
    size: str
    speed: str
    left: str
    attempt: str
    reason: str
    detail: str
    attempts: tuple[AttemptLine, ...]
    watch: str

    @property
    def can_pause(self) -> bool:
        return self.download.state in (DownloadState.QUEUED, DownloadState.RUNNING)

    @property
    def can_move(self) -> bool:
        """Whether it has a place that can be changed."""
        return self.download.state in (DownloadState.QUEUED, DownloadState.PAUSED)

    @property
    def can_retry(self) -> bool:
        is_later = self.download.state == DownloadState.QUEUED and self.download.retry_at is not None
        return is_later or self.download.state in (DownloadState.FAILED, DownloadState.CANCELLED)

    @property
    def has_file(self) -> bool:
        row = self.download
        return row.state == DownloadState.DONE and bool(row.path) and row.reaped_at is None


def queue_lines(request: HttpRequest, downloads: Sequence[Download]) -> dict[Any, QueueLine]:
    """{id: line}; two queries for however many. Their `attempts` have to be loaded."""
    ids = {one.anime_id for one in downloads}
    cards, known = anime_cards(request.user, sorted(ids)), episodes_known(ids)
    language = title_language_of(request)
    views = {anime_id: card_view(card, language) for anime_id, card in cards.items()}
    return {one.pk: _line(one, views.get(one.anime_id), known.get(one.anime_id, {})) for one in downloads}


def _line(row: Download, card: CardView | None, known: Mapping[tuple[str, int], EpisodeKnown]) -> QueueLine:
    episode = known.get((row.episode_kind, row.episode_number))
    is_watchable = episode is not None and row.episode_kind == "regular" and row.state == DownloadState.DONE
    most, is_over = configuration().max_attempts, row.state in (DownloadState.DONE, DownloadState.CANCELLED)
    return QueueLine(
        download=row,
        card=card,
        title=card.title if card else row.anime.title,
        code=episode_code(row, episode.season if episode else None),
        icon=ICONS[DownloadState(row.state)],
        variant=variant_words(row.variant_kind, row.variant_language) or _("Any variant"),
        quality=f"{row.height}p" if row.height else f"≤ {row.quality}p" if row.quality else _("The best"),
        stages=stages_of(row),
        stage=str(Stage(row.stage).label) if row.stage else "",
        size=size_words(row),
        speed=speed_words(row.speed) if row.state == DownloadState.RUNNING and row.speed else "",
        left=left_words(row.seconds_left) if row.state == DownloadState.RUNNING else "",
        attempt=_("Attempt %(number)s of %(most)s") % {"number": row.attempt, "most": max(most, row.attempt)}
        if row.attempt and not is_over
        else "",
        reason=error_words(row.error_code),
        detail=row.error_detail,
        attempts=tuple(_attempt(one) for one in row.attempts.all()),
        watch=reverse("watch", args=[row.anime_id, row.episode_number]) if is_watchable else "",
    )


def _attempt(one: DownloadAttempt) -> AttemptLine:
    return AttemptLine(one, str(Stage(one.stage).label) if one.stage else "", error_words(one.error_code))


def stages_of(row: Download) -> tuple[StageLine, ...]:
    """All six; those before the present one are whole. None for what has not begun, and for what is over."""
    if not row.stage or row.state in (DownloadState.DONE, DownloadState.FAILED, DownloadState.CANCELLED):
        return ()
    now = ORDER.index(Stage(row.stage))
    percents = [100 if place < now else round(row.stage_percent) if place == now else 0 for place in range(len(ORDER))]
    return tuple(
        StageLine(str(stage), str(stage.label), str(SHORT[stage]), percents[place], place == now)
        for place, stage in enumerate(ORDER)
    )


def size_words(row: Download) -> str:
    """ "512.0 MB of 1.1 GB" while it is fetched, the size of the file once it is done."""
    if row.state == DownloadState.DONE:
        return filesizeformat(row.size) if row.size else ""
    if not row.bytes_total:
        return filesizeformat(row.bytes_done) if row.bytes_done else ""
    return _("%(done)s of %(total)s") % {
        "done": filesizeformat(row.bytes_done),
        "total": filesizeformat(row.bytes_total),
    }


def speed_words(speed: int) -> str:
    """Of bytes a second."""
    return _("%(size)s/s") % {"size": filesizeformat(speed)}


def left_words(seconds: int | None) -> str:
    """ "45 s left", "12 min left", "2 h left"; "" when nobody knows."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("%(count)s s left") % {"count": seconds}
    if seconds < 3600:
        return _("%(count)s min left") % {"count": -(-seconds // 60)}
    return _("%(count)s h left") % {"count": -(-seconds // 3600)}


def error_words(code: str) -> str:
    """What a stable code means, from the class of the error; the code itself where none has it."""
    waiting: list[type[DomainError]] = [DomainError]
    while waiting and code:
        one = waiting.pop()
        if one.code == code:
            return str(one.title)
        waiting.extend(one.__subclasses__())
    return code
