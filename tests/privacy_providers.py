"""A row in every model of providers that belongs to a person, for tests of export and erasure."""

from django.utils import timezone

from accounts.models import User
from catalog.models import Anime
from providers.models import FieldSource, MatchState, NumberingOverride, Provider, ProviderTitle


def providers_of(user: User, anime: Anime) -> None:
    """Everything that somebody of the staff may have decided about providers."""
    provider = Provider.objects.create(name="of-a-person", adapter="feed", label="Decided")
    title = ProviderTitle.objects.create(
        provider=provider,
        slug="one",
        title="One",
        anime=anime,
        match_state=MatchState.HUMAN,
        matched_at=timezone.now(),
        decided_by=user,
    )
    NumberingOverride.objects.create(title=title, first=1, last=12, anime=anime, set_by=user)
    FieldSource.objects.create(anime=anime, field="title", source="jikan", set_by=user)
