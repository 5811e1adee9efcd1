"""A year in review: the page that people show around."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.facade import CardView, card_view
from core.site.preferences import TitleLanguage, time_zone_of, title_language_of
from lists.access import get_list
from lists.dates import partial_date_parts
from lists.pages import statistics_plots as plots
from lists.scores import score_shown
from lists.selectors.years import YearTitle, year_review


@dataclass(frozen=True, slots=True)
class YearCard:
    """An anime of the year as drawn; `score` in the owner's format, `day` as an ISO date or ""."""

    item: CardView
    score: str
    day: str


@require_safe
@never_cache
def year_page(request: HttpRequest, username: str, year: int) -> HttpResponse:
    """The year in the viewer's time zone; 404 where the list or the owner's activity is not the viewer's to see."""
    found = get_list(request.user, username)
    zone, language = time_zone_of(request), title_language_of(request)
    review = year_review(request.user, found, year=year, zone=zone)
    if found.owner.username != username:
        return redirect("user-year", found.owner.username, year)
    score_format = found.preferences.score_format

    def card(title: YearTitle | None) -> YearCard | None:
        return None if title is None else year_card(title, language, score_format)

    context = {
        "person": found.owner,
        "is_own": found.is_own,
        "review": review,
        "hours": round(review.minutes / 60),
        "mean": score_shown(None if review.mean_score is None else round(review.mean_score), score_format),
        "is_running": year == timezone.now().astimezone(zone).year,
        "months": plots.months_plot(year, review.months, review.busiest_month),
        "genres": plots.groups_plot(_("Genres of the year"), review.genres, score_format) if review.genres else None,
        "top": [card(title) for title in review.top],
        "first": card(review.first_finished),
        "last": card(review.last_finished),
        "wall": [card(title) for title in review.finished],
        "more": max(0, review.finished_count - len(review.finished)),
    }
    return render(request, "lists/year.html", context)


def year_card(title: YearTitle, language: TitleLanguage, score_format: str) -> YearCard:
    """One title made ready for the template."""
    day = title.on if all(partial_date_parts(title.on)) else ""
    return YearCard(card_view(title.card, language), score_shown(title.score, score_format), day)
