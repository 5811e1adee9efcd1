"""Everything that hangs on an anime, inside its form."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.facade import line_clean
from catalog import models
from core.admin import BaseTabular, ReadOnlyTabular


class TitleForm(ModelForm):
    """A name that is written here is seen and reads as it stands."""

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        return line_clean(text) if "text" in self.changed_data else text


class TitleInline(BaseTabular):
    model = models.Title
    form = TitleForm
    fields = ["text", "language", "kind", "position"]


class ExternalIdInline(BaseTabular):
    model = models.ExternalId
    fields = ["site", "value"]


class TagInline(BaseTabular):
    model = models.AnimeTag
    fields = ["tag", "rank", "is_spoiler"]
    autocomplete_fields = ["tag"]


class StudioInline(BaseTabular):
    model = models.AnimeStudio
    fields = ["studio", "role"]
    autocomplete_fields = ["studio"]


class RelationFormSet(BaseInlineFormSet):
    """Refuses a relation to the anime itself before the database does."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            target = form.cleaned_data.get("to_anime") if hasattr(form, "cleaned_data") else None
            if target is not None and target == self.instance:
                raise ValidationError(_("An anime cannot be related to itself."))


class RelationInline(BaseTabular):
    model = models.Relation
    formset = RelationFormSet
    fk_name = "from_anime"
    fields = ["kind", "to_anime"]
    autocomplete_fields = ["to_anime"]


class BroadcastInline(BaseTabular):
    model = models.BroadcastRule
    fields = ["site", "first_at", "period_days", "ends_at", "timezone", "first_episode"]


class OfficialLinkInline(BaseTabular):
    model = models.OfficialLink
    fields = ["site", "url", "regions"]


class TimecodeInline(BaseTabular):
    model = models.Timecode
    fields = ["episode_number", "translation_id", "intro_start", "intro_end", "outro_start", "outro_end"]


class ReadOnlyInline(ReadOnlyTabular):
    """What other sites and the system say: not for editing."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.fields)


class ExternalScoreInline(ReadOnlyInline):
    model = models.ExternalScore
    fields = ["site", "value", "votes", "synced_at"]


class ProvenanceInline(ReadOnlyInline):
    model = models.FieldProvenance
    fields = ["field", "source", "is_locked", "set_by", "set_at"]
    verbose_name_plural = models.FieldProvenance._meta.verbose_name_plural


EDITED = [
    TitleInline,
    ExternalIdInline,
    TagInline,
    StudioInline,
    RelationInline,
    BroadcastInline,
    OfficialLinkInline,
    TimecodeInline,
]
LOOKED_AT = [ExternalScoreInline, ProvenanceInline]
