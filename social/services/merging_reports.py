"""Two anime have become one: votes and reports of the duplicate move to the one that stays."""

from django.db.models import Count, Q

from catalog.facade import AnimeMerged
from social.models import AnimeVote, AnimeVotes, Report


def reports_follow_merge(event: AnimeMerged) -> None:
    """Move reports, and votes: of two by one person the newer stays. Inside the merge's transaction."""
    keep, duplicate = event.keep_id, event.duplicate_id
    Report.objects.filter(anime_id=duplicate).update(anime_id=keep)
    # Whoever votes waits for the anime's row; who is being erased, for these.
    AnimeVotes.objects.bulk_create([AnimeVotes(anime_id=pk) for pk in (keep, duplicate)], ignore_conflicts=True)
    list(AnimeVotes.objects.select_for_update().filter(pk__in=[keep, duplicate]).order_by("pk"))
    kept: set[object] = set()
    double = []
    rows = AnimeVote.objects.filter(anime__in=[keep, duplicate]).order_by("-created_at", "-pk")
    for pk, user_id in rows.values_list("pk", "user_id"):
        (double.append(pk) if user_id in kept else kept.add(user_id))
    AnimeVote.objects.filter(pk__in=double).delete()
    AnimeVote.objects.filter(anime=duplicate).update(anime=keep)
    AnimeVotes.objects.filter(pk=duplicate).delete()
    counted = AnimeVote.objects.filter(anime=keep).aggregate(
        likes=Count("pk", filter=Q(value=1)), dislikes=Count("pk", filter=Q(value=-1))
    )
    AnimeVotes.objects.filter(pk=keep).update(**counted)
