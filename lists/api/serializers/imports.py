"""What the API takes and says of imports."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lists.importing.line_reasons import line_reason_words
from lists.importing.rules import SKIP
from lists.models import ImportRule, ImportState, ListImportRow, RowOutcome, RowState
from lists.selectors.imports import ImportShown


class ImportIn(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True, help_text="The list, at most 20 MB; gzipped or zipped too.")
    format = serializers.CharField(
        required=False, default="auto", max_length=12, help_text="A format's code, or “auto”: found out."
    )


class ImportApplyIn(serializers.Serializer):
    rule = serializers.ChoiceField(choices=ImportRule.choices)


class ImportRowIn(serializers.Serializer):
    """What is left out stays."""

    choice = serializers.ChoiceField(
        choices=[*ImportRule.values, SKIP],
        allow_blank=True,
        required=False,
        help_text="A rule for this line alone, `skip`, or empty: the import's rule.",
    )
    anime_id = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=2**31 - 1,
        help_text="Which anime an unknown title is; null: a new title, filled in later.",
    )


class ImportErrorOut(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()


class ImportOut(serializers.Serializer):
    """One import. `counts`: lines by outcome (`total`, `new`, …), `rules` {rule: {changed, kept}} as things stood when it was
    read, `has_times` whether the file tells when entries were changed (one that does not counts as older under `newest`),
    and once applied `applied`, once undone `undone`: lines by state.
    """

    id = serializers.UUIDField(source="row.pk")
    file_name = serializers.CharField(source="row.file_name")
    format = serializers.CharField(source="row.format", help_text="Empty until it was read.")
    state = serializers.ChoiceField(choices=ImportState.choices)
    progress = serializers.FloatField(help_text="0–100, of the job at work.")
    is_stopped = serializers.BooleanField(help_text="Half done and nobody works on it: ask again to go on.")
    rule = serializers.CharField(source="row.rule")
    counts = serializers.JSONField(source="row.counts")
    error = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(source="row.created_at")
    applied_at = serializers.DateTimeField(source="row.applied_at", allow_null=True)
    undone_at = serializers.DateTimeField(source="row.undone_at", allow_null=True)
    kept_until = serializers.DateTimeField(help_text="Until when its lines are kept and it can be undone.")

    @extend_schema_field(ImportErrorOut(allow_null=True))
    def get_error(self, shown: ImportShown) -> dict[str, str] | None:
        row = shown.row
        return {"code": row.error_code, "detail": shown.error_words} if row.error_code else None


class CandidateOut(serializers.Serializer):
    anime_id = serializers.IntegerField()
    title = serializers.CharField()
    score = serializers.FloatField(help_text="How much alike the names are, 0–1.03.")


class ImportRowOut(serializers.Serializer):
    """One line of the file."""

    position = serializers.IntegerField()
    title = serializers.CharField()
    outcome = serializers.ChoiceField(choices=RowOutcome.choices)
    state = serializers.ChoiceField(choices=RowState.choices)
    reason = serializers.CharField(help_text="Why it is not taken, or a warning (`beyond_count`); empty otherwise.")
    reason_text = serializers.SerializerMethodField(help_text="The same as a sentence, in the caller's language.")
    anime_id = serializers.IntegerField(allow_null=True)
    ids = serializers.SerializerMethodField(help_text="Its ids elsewhere: [[site, id], …].")
    theirs = serializers.SerializerMethodField(help_text="The entry as the file tells it.")
    diff = serializers.DictField(child=serializers.ListField(), help_text="{field: [mine, theirs]}")
    candidates = CandidateOut(many=True)
    choice = serializers.CharField(help_text="A rule for this line alone, `skip`, or empty.")
    before = serializers.JSONField(allow_null=True, help_text="The entry before it was applied.")
    after = serializers.JSONField(allow_null=True, help_text="The entry after it was applied.")

    def get_reason_text(self, row: ListImportRow) -> str:
        return line_reason_words(row.reason, str(row.record.get("detail") or ""))

    def get_ids(self, row: ListImportRow) -> list[list[str]]:
        return row.record.get("ids", [])

    def get_theirs(self, row: ListImportRow) -> dict[str, Any] | None:
        said = row.record.get("said", ())
        return {name: value for name, value in row.record["state"].items() if name in said} if said else None


class ImportPageOut(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ImportOut(many=True)


class ImportRowPageOut(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ImportRowOut(many=True)
