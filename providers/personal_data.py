"""What the providers app knows about a person: what they decided as staff."""

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.personal_data import Person, Row, erase_part, export_part, rows_of
from providers.models import FieldSource, NumberingOverride, ProviderTitle


@export_part("providers/titles", label=_("Titles of providers you decided"), models=["providers.ProviderTitle"])
def titles(user: Person) -> Iterator[Row]:
    """Without an `anime_id`: decided to be no anime of the catalogue."""
    found = ProviderTitle.objects.filter(decided_by=user)
    return rows_of(found, "slug", "anime_id", "match_state", "matched_at", provided_by=F("provider__name"))


@erase_part("providers/titles", models=["providers.ProviderTitle"])
def titles_forget(user: Person) -> None:
    """What a title is stays decided; who decided it goes."""
    ProviderTitle.objects.filter(decided_by=user).update(decided_by=None)


@export_part("providers/sources", label=_("Sources of fields you chose"), models=["providers.FieldSource"])
def sources(user: Person) -> Iterator[Row]:
    found = FieldSource.objects.filter(set_by=user)
    return rows_of(found, "anime_id", "field", "source", "set_at", title=F("anime__title"))


@erase_part("providers/sources", models=["providers.FieldSource"])
def sources_forget(user: Person) -> None:
    """The choice stays; who made it goes."""
    FieldSource.objects.filter(set_by=user).update(set_by=None)


@export_part(
    "providers/numbers", label=_("Episode numbers of providers you set right"), models=["providers.NumberingOverride"]
)
def numbers(user: Person) -> Iterator[Row]:
    """The provider's episodes `first`–`last` of `of_title` are the anime's from `target_first` on."""
    fields = ("season", "first", "last", "anime_id", "target_kind", "target_first", "set_at")
    return rows_of(NumberingOverride.objects.filter(set_by=user), *fields, of_title=F("title__title"))


@erase_part("providers/numbers", models=["providers.NumberingOverride"])
def numbers_forget(user: Person) -> None:
    """The numbers stay right; who set them so goes."""
    NumberingOverride.objects.filter(set_by=user).update(set_by=None)
