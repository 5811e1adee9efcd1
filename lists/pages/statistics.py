"""The statistics of somebody's list."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.facade import CardView, card_view
from core.site.preferences import TitleLanguage, time_zone_of, title_language_of
from lists.access import get_list
from lists.models import EntryStatus
from lists.pages import statistics_plots as plots
from lists.plots.svg import Plot
from lists.scores import score_highest, score_shown
from lists.selectors.statistics import ListStatistics, TitleFigure, Totals, list_statistics
from lists.selectors.statistics_groups import Group


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in large type: `value` with what it counts and, where something must be said, a remark."""

    value: str
    name: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A plot with its heading; `caption` says what its figures are."""

    id: str
    title: str
    plot: Plot
    caption: str = ""


@require_safe
@never_cache
def statistics_page(request: HttpRequest, username: str) -> HttpResponse:
    """What the viewer may see of a list, in figures and plots; days are those of the viewer's time zone. 404 as the list."""
    found = get_list(request.user, username)
    if found.owner.username != username:
        return redirect("user-statistics", found.owner.username)
    language = title_language_of(request)
    statistics = list_statistics(request.user, found, zone=time_zone_of(request))
    score_format = found.preferences.score_format
    context = {
        "person": found.owner,
        "is_own": found.is_own,
        "statistics": statistics,
        "figures": figures_of(statistics.totals, score_format),
        "statuses": [(status, label, statistics.totals.counts[status]) for status, label in EntryStatus.choices],
        "status_plot": plots.status_plot(statistics.totals),
        "heat": plots.activity_plot(statistics.activity) if statistics.activity else None,
        "sections": sections_of(statistics, score_format),
        "favourites": _cards(statistics.favourites, language),
        "rewatched": _cards(statistics.most_rewatched, language),
        "this_year": statistics.activity.last.year if statistics.activity else None,
    }
    return render(request, "lists/statistics.html", context)


def figures_of(totals: Totals, score_format: str) -> list[Figure]:
    """The large numbers of the head; what is not known is left out."""
    average = totals.average_score
    shown = score_shown(None if average is None else round(average), score_format)
    unknown = _("%(count)s of unknown length") % {"count": totals.of_unknown_length} if totals.of_unknown_length else ""
    found = [
        Figure(_number(totals.total), _("Anime")),
        Figure(_number(totals.episodes_watched), _("Episodes")),
        Figure(_number(round(totals.minutes_watched / 1440, 1)), _("Days watched"), unknown),
        Figure(shown, _("Mean score"), _("of %(best)s") % {"best": score_highest(score_format)}) if shown else None,
        _rate(totals.completion_rate, _("Completed")),
        _rate(totals.drop_rate, _("Dropped")),
        Figure(_number(totals.mean_days_to_finish), _("Days to finish")) if totals.mean_days_to_finish else None,
        Figure(_number(totals.rewatches), _("Rewatches")) if totals.rewatches else None,
    ]
    return [figure for figure in found if figure is not None]


def _number(value: float) -> str:
    return number_format(value, force_grouping=True)


def _rate(rate: float | None, name: str) -> Figure | None:
    return None if rate is None else Figure(f"{rate * 100:.0f} %", name, _("of what was begun"))


def sections_of(statistics: ListStatistics, score_format: str) -> list[Section]:
    """The plots below the head, without those that would be empty."""

    def groups(key: str, title: str, found: list[Group]) -> Section | None:
        has_mean = any(group.mean_score is not None for group in found)
        caption = _("Anime · mean score") if has_mean else ""
        return Section(key, title, plots.groups_plot(title, found, score_format), caption) if found else None

    scores = Section("scores", _("Scores"), plots.score_plot(statistics.scores, score_format))
    found = [
        scores if any(statistics.scores) else None,
        Section("years", _("Years of release"), plots.release_plot(statistics.years)) if statistics.years else None,
        Section("decades", _("Decades"), plots.decade_plot(statistics.decades)) if statistics.decades else None,
        groups("genres", _("Genres"), statistics.genres),
        groups("studios", _("Studios"), statistics.studios),
        groups("tags", _("Tags"), statistics.tags),
        groups("formats", _("Formats"), statistics.formats),
    ]
    return [section for section in found if section is not None]


def _cards(figures: list[TitleFigure], language: TitleLanguage) -> list[tuple[CardView, int | None]]:
    return [(card_view(figure.card, language), figure.number) for figure in figures]
