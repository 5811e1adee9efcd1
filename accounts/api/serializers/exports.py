"""What the API says of a copy of somebody's data."""

from rest_framework import serializers

from accounts.models import DataExport
from accounts.services.exports import export_state

STATES = ["queued", "running", "ready", "expired", "failed"]


class ExportOut(serializers.Serializer):
    """One copy. Its `job` has to be selected already."""

    id = serializers.UUIDField()
    state = serializers.SerializerMethodField()
    stage = serializers.SerializerMethodField(help_text="What is being written: the name of a part, or empty.")
    progress = serializers.SerializerMethodField(help_text="0–100.")
    bytes = serializers.IntegerField(help_text="Size of the ZIP; 0 until it is ready.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Until when it can be downloaded.")

    def get_state(self, export: DataExport) -> str:
        return export_state(export)

    def get_stage(self, export: DataExport) -> str:
        return export.job.stage if export.job and export.finished_at is None else ""

    def get_progress(self, export: DataExport) -> float:
        if export.finished_at is not None:
            return 100.0
        return export.job.progress if export.job else 0.0


class PersonalDataOut(serializers.Serializer):
    """The document of GET /users/me/export."""

    schema_version = serializers.IntegerField()
    exported_at = serializers.DateTimeField()
    user_id = serializers.UUIDField()
    site = serializers.CharField()
    parts = serializers.DictField(
        child=serializers.ListField(child=serializers.DictField()), help_text="Name of a part → its rows."
    )
