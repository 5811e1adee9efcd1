"""The settings page of the list: scores, when an episode counts, who looks at it."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.facade import User, Visibility
from core.errors import ValidationFailed
from lists.models import ScoreFormat
from lists.models.preferences import WATCHED_PERCENT_LEAST, WATCHED_PERCENT_MOST
from lists.scores import score_highest, score_shown
from lists.selectors.preferences import preferences_of
from lists.services.preferences import FIELDS, preferences_set

EXAMPLE = 75
"""The score, of 100, that the page shows in every format."""
FORMAT_LABELS = {
    ScoreFormat.POINT_10: gettext_lazy("10 points"),
    ScoreFormat.POINT_10_DECIMAL: gettext_lazy("10 points with decimals"),
    ScoreFormat.POINT_100: gettext_lazy("100 points"),
    ScoreFormat.POINT_5: ScoreFormat.POINT_5.label,
    ScoreFormat.POINT_3: ScoreFormat.POINT_3.label,
}
"""Without the example that `ScoreFormat` has in its labels: the page shows one of its own beside each."""


class ListPreferencesForm(forms.Form):
    score_format = forms.ChoiceField(label=gettext_lazy("Scores"), choices=ScoreFormat.choices)
    watched_percent = forms.IntegerField(
        label=gettext_lazy("An episode counts as watched from (%)"),
        required=False,
        widget=forms.NumberInput(
            attrs={"min": WATCHED_PERCENT_LEAST, "max": WATCHED_PERCENT_MOST, "inputmode": "numeric"}
        ),
    )
    tracks_watching = forms.BooleanField(
        label=gettext_lazy("Watching changes my list by itself"),
        required=False,
        help_text=gettext_lazy("In the player here and on your media servers. What is counted can be undone."),
    )
    list_visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees my list"), choices=Visibility.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        operator = {"percent": settings.LISTS_WATCHED_PERCENT, "least": WATCHED_PERCENT_LEAST}
        self.fields["watched_percent"].widget.attrs["placeholder"] = str(settings.LISTS_WATCHED_PERCENT)
        self.fields["watched_percent"].help_text = (
            _("From %(least)s to 100. Empty: what is usual here, %(percent)s.") % operator
        )


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def list_settings_page(request: HttpRequest) -> HttpResponse:
    """The form; saved by the same service as the API's."""
    user = cast(User, request.user)
    stored = preferences_of(user)
    initial = {name: getattr(stored, name) for name in FIELDS}
    form = ListPreferencesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved(user, form):
        messages.success(request, _("Saved."))
        return redirect("settings_list")
    chosen = form["score_format"].value()
    formats = [(value, label, value == chosen, *_example(value)) for value, label in FORMAT_LABELS.items()]
    context = {"form": form, "formats": formats, "example": EXAMPLE}
    return render(request, "lists/settings/list.html", context, status=422 if form.errors else 200)


def _saved(user: User, form: ListPreferencesForm) -> bool:
    try:
        preferences_set(user=user, **form.cleaned_data)
    except ValidationFailed as error:
        for name, found in error.extra["fields"].items():
            form.add_error(name if name in form.fields else None, found)
        return False
    return True


def _example(score_format: str) -> tuple[str, int]:
    """The example's score in a format, and that format's best."""
    return score_shown(EXAMPLE, score_format), score_highest(score_format)
