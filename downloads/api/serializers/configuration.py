"""The operator's configuration as staff see and set it, and its backups."""

from typing import Any

from rest_framework import serializers

from downloads.configuration.checks import (
    BOUNDS,
    CONTAINERS,
    LOG_LEVELS,
    MAX_DIRECTORY,
    MAX_HOSTS,
    MAX_QUIET_HOURS,
)
from downloads.placing.templates import FIELDS, MAX_TEMPLATE


def _number(name: str, unit: str) -> serializers.IntegerField:
    least, most = BOUNDS[name]
    return serializers.IntegerField(min_value=least, max_value=most, required=False, help_text=unit)


class ConfigurationIn(serializers.Serializer):
    """What is left out stays as it is; an unknown name is refused. Sizes are in bytes, rates in bytes a second.

    For the schema alone: `configuration.checks` says what each value may be, with an error for every field that is wrong.
    """

    anime_directory = serializers.CharField(max_length=MAX_DIRECTORY, required=False, help_text="The library's root.")
    download_directory = serializers.CharField(max_length=MAX_DIRECTORY, required=False, help_text="Unfinished parts.")
    naming_template = serializers.CharField(max_length=MAX_TEMPLATE, required=False)
    container = serializers.ChoiceField(CONTAINERS, required=False)
    parallel_downloads = _number("parallel_downloads", "Downloads at once.")
    parallel_per_host = _number("parallel_per_host", "Downloads at once from one host.")
    parallel_segments = _number("parallel_segments", "Pieces at once in one download.")
    bandwidth = _number("bandwidth", "Bytes a second for all downloads together, 0 for no cap.")
    quiet_hours = serializers.ListField(
        child=serializers.CharField(), max_length=MAX_QUIET_HOURS, required=False, help_text='Like "22:00-06:30".'
    )
    time_zone = serializers.CharField(required=False, help_text="Of the quiet hours.")
    free_space_floor = _number("free_space_floor", "Bytes that stay free.")
    max_attempts = _number("max_attempts", "Tries of one download.")
    stall_seconds = _number("stall_seconds", "Seconds without a byte until a try counts as stalled.")
    recycle_days = _number("recycle_days", "Days that replaced files are kept, 0 keeps none.")
    allowed_hosts = serializers.ListField(
        child=serializers.CharField(),
        max_length=MAX_HOSTS,
        required=False,
        help_text="cdn.example.org, .example.org with all below it, or with :port.",
    )
    language = serializers.CharField(required=False, allow_blank=True, help_text="BCP 47; taken where nothing is said.")
    variant = serializers.CharField(required=False, allow_blank=True, help_text='dub, sub, raw or "" for any.')
    quality = _number("quality", "Greatest height in pixels, 0 the best there is.")
    session_timeout_hours = _number("session_timeout_hours", "Hours that staff stay signed in without doing anything.")
    log_level = serializers.ChoiceField(LOG_LEVELS, required=False)
    scan_on_change = serializers.BooleanField(required=False, help_text="Whether the library's folders are watched.")


class ConfigurationOut(ConfigurationIn):
    """All settings as they are valid now."""


class ConfigurationNowOut(ConfigurationOut):
    problem = serializers.CharField(
        help_text="Why the file cannot be read; then the last good values are shown and hold. Empty when it can."
    )


class ValidatedOut(serializers.Serializer):
    valid = serializers.BooleanField()
    message = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), help_text="Setting → what is wrong with it."
    )


class BackupOut(serializers.Serializer):
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    size_bytes = serializers.IntegerField()
    is_automatic = serializers.BooleanField(help_text="A change made it, not a person.")


class ExampleOut(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]
    path = serializers.CharField(help_text="Relative to the library's root.")


class NamingPreviewOut(serializers.Serializer):
    template = serializers.CharField()
    available = serializers.ListField(child=serializers.CharField(), default=list(FIELDS), help_text="Names of fields.")
    examples = ExampleOut(many=True)


def configuration_shown(values: Any) -> dict[str, Any]:
    """The settings as JSON has them."""
    return dict(ConfigurationOut(values).data)
