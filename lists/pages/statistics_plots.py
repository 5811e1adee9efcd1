"""The plots of the statistics pages: which numbers are drawn how, in words of the page's language."""

import datetime
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lists.models import EntryStatus
from lists.models.preferences import ScoreFormat
from lists.plots.bars import Bar, bars_plot
from lists.plots.columns import Column, columns_plot
from lists.plots.heat import heat_plot
from lists.plots.ring import Share, ring_plot
from lists.plots.svg import Plot
from lists.scores import score_shown
from lists.selectors.statistics import Totals
from lists.selectors.statistics_activity import Activity
from lists.selectors.statistics_groups import Group
from lists.selectors.years import Month

LABELS_FIT = 12
BARS_DRAWN = 10


def entries_text(count: int) -> str:
    """ "12 anime" """
    return ngettext("%(count)s anime", "%(count)s anime", count) % {"count": count}


def episodes_text(count: int) -> str:
    """ "12 episodes" """
    return ngettext("%(count)s episode", "%(count)s episodes", count) % {"count": count}


def time_text(minutes: int) -> str:
    """Minutes as people say them: days from two days on, else hours."""
    if minutes >= 2 * 24 * 60:
        return _("%(days)s days") % {"days": f"{minutes / 1440:.1f}"}
    return _("%(hours)s h") % {"hours": f"{minutes / 60:.1f}" if minutes < 600 else round(minutes / 60)}


def status_plot(totals: Totals) -> Plot:
    """Shares of the statuses."""
    shares = [
        Share(str(label), totals.counts[status], status, f"{label}: {entries_text(totals.counts[status])}")
        for status, label in EntryStatus.choices
    ]
    title, said = _("Statuses"), ", ".join(share.note for share in shares if share.value)
    return ring_plot(title, said, shares, middle=str(totals.total), heads=(_("Status"), _("Anime")))


def score_plot(counts: Sequence[int], score_format: str) -> Plot:
    """How often each tenth of the scale was given, named as the owner gives scores."""
    is_wide = score_format == ScoreFormat.POINT_100
    columns = [
        Column(
            str(number * 10 if is_wide else number),
            count,
            _("%(score)s of %(best)s: %(entries)s")
            % {
                "score": number * 10 if is_wide else number,
                "best": 100 if is_wide else 10,
                "entries": entries_text(count),
            },
        )
        for number, count in enumerate(counts, 1)
    ]
    said = ", ".join(column.note for column in columns if column.value)
    return columns_plot(_("Scores"), said, columns, heads=(_("Score"), _("Anime")))


def groups_plot(title: str, groups: Sequence[Group], score_format: str) -> Plot:
    """Groups by their size, with mean score and time."""
    bars = []
    for group in groups:
        mean = score_shown(None if group.mean_score is None else round(group.mean_score), score_format)
        time = time_text(group.minutes)
        figure = f"{group.count} · {mean}" if mean else str(group.count)
        note = _("%(name)s: %(entries)s, mean score %(mean)s, %(time)s") % {
            "name": group.name,
            "entries": entries_text(group.count),
            "mean": mean or "–",
            "time": time,
        }
        bars.append(Bar(group.name, group.count, figure, note, (group.name, str(group.count), mean or "–", time)))
    said = ", ".join(f"{bar.name} {int(bar.value)}" for bar in bars[:5])
    heads = (title, _("Anime"), _("Mean score"), _("Time"))
    return bars_plot(title, said, bars, heads=heads, drawn=BARS_DRAWN)


def release_plot(years: Sequence[Group]) -> Plot:
    """Entries by the year in which the anime began, without gaps between the first and the last."""
    counts = {int(group.key): group.count for group in years}
    columns = [
        Column(str(year), counts.get(year, 0), f"{year}: {entries_text(counts.get(year, 0))}")
        for year in range(min(counts), max(counts) + 1)
    ]
    every = -(-len(columns) // LABELS_FIT)
    said = _("From %(first)s to %(last)s") % {"first": columns[0].label, "last": columns[-1].label}
    return columns_plot(_("Years of release"), said, columns, heads=(_("Year"), _("Anime")), labels_every=every)


def decade_plot(decades: Sequence[Group]) -> Plot:
    """Entries by decade."""
    named = [(_("%(decade)ss") % {"decade": group.key}, group.count) for group in decades]
    columns = [Column(name, count, f"{name}: {entries_text(count)}") for name, count in named]
    said = ", ".join(column.note for column in columns)
    return columns_plot(_("Decades"), said, columns, heads=(_("Decade"), _("Anime")))


def activity_plot(activity: Activity) -> Plot:
    """The heat-map of a year."""
    days = {day.date: day for day in activity.days}

    def note(day: datetime.date, weight: int) -> str:
        when = date_format(day, "DATE_FORMAT")
        found = days.get(day)
        if found is None:
            return when
        parts = [episodes_text(found.episodes)] if found.episodes else []
        if found.finished:
            parts.append(
                ngettext("%(count)s finished", "%(count)s finished", found.finished) % {"count": found.finished}
            )
        return f"{when}: {', '.join(parts)}"

    said = ngettext("%(count)s day with anime", "%(count)s days with anime", len(days)) % {"count": len(days)}
    return heat_plot(
        _("The last 365 days"),
        said,
        {day.date: day.weight for day in activity.days},
        first=activity.first,
        last=activity.last,
        note=note,
        heads=(_("Day"), _("Episodes and finishes")),
    )


def months_plot(year: int, months: Sequence[Month], busiest: Month | None) -> Plot:
    """Episodes a month; the busiest stands out."""
    columns = [
        Column(
            date_format(datetime.date(year, month.number, 1), "MONTH_SHORT"),
            month.episodes,
            f"{date_format(datetime.date(year, month.number, 1), 'F')}: {episodes_text(month.episodes)}",
            is_marked=busiest is not None and month.number == busiest.number,
        )
        for month in months
    ]
    said = ", ".join(column.note for column in columns if column.value)
    return columns_plot(_("Episodes by month"), said, columns, heads=(_("Month"), _("Episodes")))
