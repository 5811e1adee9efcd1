"""The catalogue's part of the admin's first page."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Anime, AnimeKind, Episode, EpisodeSource, SourceHealth, Timecode, Visibility
from core.admin.dashboard import Figure, Plot, dashboard_part, per_day

DECADES = range(1960, 2030, 10)


@dashboard_part
def catalogue_part(request: HttpRequest) -> Iterable[Figure | Plot]:
    """Counts, what is hidden or dead, anime by kind and decade, timecodes by day."""
    if not request.user.has_perm("catalog.view_anime"):
        return []
    anime, sources = reverse("admin:catalog_anime_changelist"), reverse("admin:catalog_episodesource_changelist")
    hidden, restricted = Q(visibility=Visibility.HIDDEN), Q(visibility=Visibility.PLAYER_RESTRICTED)
    counts = Anime.objects.aggregate(
        all=Count("pk"),
        hidden=Count("pk", filter=hidden),
        restricted=Count("pk", filter=restricted),
        **{f"d{decade}": Count("pk", filter=Q(year__gte=decade, year__lt=decade + 10)) for decade in DECADES},
    )
    kinds = Anime.objects.values_list("kind").annotate(number=Count("pk")).order_by("-number")[:8]
    dead = EpisodeSource.objects.filter(health=SourceHealth.DEAD).count()
    names = dict(AnimeKind.choices)
    labels, values = per_day(Timecode.objects.all(), "updated_at")
    return [
        Figure(_("Anime"), counts["all"], href=anime),
        Figure(_("Hidden"), counts["hidden"], href=f"{anime}?visibility__exact=hidden"),
        Figure(_("Player restricted"), counts["restricted"], href=f"{anime}?visibility__exact=player_restricted"),
        Figure(_("Episodes"), Episode.objects.count(), href=reverse("admin:catalog_episode_changelist")),
        Figure(_("Sources"), EpisodeSource.objects.count(), href=sources),
        Figure(_("Dead sources"), dead, href=f"{sources}?health__exact=dead", is_bad=bool(dead)),
        Plot(_("Anime by decade"), [f"{decade}s" for decade in DECADES], [counts[f"d{decade}"] for decade in DECADES]),
        Plot(_("Anime by type"), [str(names[kind]) for kind, _number in kinds], [number for _kind, number in kinds]),
        Plot(_("Timecodes reviewed"), labels, values, note=_("per day, two weeks")),
    ]
