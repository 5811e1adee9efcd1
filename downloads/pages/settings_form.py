"""The form of the operator's configuration: texts with the units of people on one side, stored values on the other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from downloads.configuration.checks import BOUNDS, CONTAINERS, LOG_LEVELS
from downloads.configuration.values import Configuration

MIB, GIB = 1024**2, 1024**3
_TEXT_LIMIT = 40_000
_UNITS = {"bandwidth": MIB, "free_space_floor": GIB}
_MEASURE = re.compile(r"\d{1,9}([.,]\d{1,9})?", re.ASCII)
_LISTS = ("quiet_hours", "allowed_hosts")
_WORDS: dict[str, tuple[Any, Any]] = {
    "anime_directory": (
        gettext_lazy("Folder of the library"),
        gettext_lazy("Named from the root of the disk on. Finished files lie here."),
    ),
    "download_directory": (
        gettext_lazy("Folder of unfinished downloads"),
        gettext_lazy("On the same disk as the library finishing is quickest."),
    ),
    "free_space_floor": (gettext_lazy("Space that stays free (GiB)"), ""),
    "recycle_days": (
        gettext_lazy("Days in the recycle bin"),
        gettext_lazy("How long replaced and removed files can be had back. 0 keeps none."),
    ),
    "scan_on_change": (gettext_lazy("Read folders of the library again when they change"), ""),
    "naming_template": (gettext_lazy("Template"), gettext_lazy("“/” parts folders. The ending is added.")),
    "container": (
        gettext_lazy("Kind of file"),
        gettext_lazy("MP4 plays in every browser; MKV also takes drawn subtitles."),
    ),
    "language": (gettext_lazy("Language"), gettext_lazy("Such as de or pt-BR. Empty takes any.")),
    "variant": (gettext_lazy("Variant"), ""),
    "quality": (gettext_lazy("Greatest height (pixels)"), gettext_lazy("Such as 1080. 0 takes the best there is.")),
    "parallel_downloads": (gettext_lazy("Downloads at once"), ""),
    "parallel_per_host": (gettext_lazy("Downloads at once from one host"), ""),
    "parallel_segments": (gettext_lazy("Pieces at once in one download"), ""),
    "max_attempts": (gettext_lazy("Tries of one download"), ""),
    "stall_seconds": (
        gettext_lazy("Patience (seconds)"),
        gettext_lazy("A try in which nothing moves for so long is ended."),
    ),
    "bandwidth": (
        gettext_lazy("Bandwidth (MiB/s)"),
        gettext_lazy("For all downloads together. 0 sets no limit."),
    ),
    "quiet_hours": (
        gettext_lazy("Quiet hours"),
        gettext_lazy("Nothing is fetched then. One span a line, such as 22:00-06:30."),
    ),
    "time_zone": (gettext_lazy("Time zone of the quiet hours"), gettext_lazy("Such as Europe/Berlin.")),
    "allowed_hosts": (
        gettext_lazy("Hosts that may be fetched from"),
        gettext_lazy("One a line: cdn.example.org, .example.org with all below it, or with :port. Empty allows none."),
    ),
    "session_timeout_hours": (
        gettext_lazy("Hours that staff stay signed in"),
        gettext_lazy("Without doing anything on the site."),
    ),
    "log_level": (gettext_lazy("Log level"), ""),
}
_CHOICES: dict[str, list[tuple[str, Any]]] = {
    "container": [(name, name.upper()) for name in CONTAINERS],
    "variant": [
        ("", pgettext_lazy("variant", "Any")),
        ("dub", gettext_lazy("Dub")),
        ("sub", gettext_lazy("Sub")),
        ("raw", gettext_lazy("Raw")),
    ],
    "log_level": [(name, name) for name in LOG_LEVELS],
}
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "folders",
        gettext_lazy("Folders"),
        ("anime_directory", "download_directory", "free_space_floor", "recycle_days", "scan_on_change"),
    ),
    ("naming", gettext_lazy("Names of files"), ("naming_template", "container")),
    ("usual", gettext_lazy("What is taken where a request says nothing"), ("language", "variant", "quality")),
    (
        "limits",
        gettext_lazy("Limits"),
        ("parallel_downloads", "parallel_per_host", "parallel_segments", "max_attempts", "stall_seconds"),
    ),
    (
        "network",
        gettext_lazy("Bandwidth, quiet hours, hosts"),
        ("bandwidth", "time_zone", "quiet_hours", "allowed_hosts"),
    ),
    ("site", gettext_lazy("Sessions and log"), ("session_timeout_hours", "log_level")),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together under a heading."""

    name: str
    title: str
    fields: tuple[Any, ...]


class SettingsForm(forms.Form):
    """Only what differs from what the page showed is a change: each field sends along what it showed.

    So two people who change different things at once both get theirs, and what was shown rounded is not written back rounded.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (field.name for field in fields(Configuration)):
            self.fields[name] = _field(name)

    def groups(self) -> list[Group]:
        """The fields as the page shows them."""
        return [Group(name, str(title), tuple(self[one] for one in names)) for name, title, names in GROUPS]

    def changes(self) -> dict[str, Any]:
        """The settings that a person changed, as `configuration_set` takes them; what is no number is an error of the form."""
        self.full_clean()
        found: dict[str, Any] = {}
        for name in self.changed_data:
            try:
                found[name] = _value(name, self.cleaned_data[name])
            except ValueError as error:
                self.add_error(name, str(error))
            except KeyError:
                continue  # it has an error already
        return found

    def errors_take(self, wrong: Mapping[str, list[str]]) -> None:
        """Put what the configuration says beside its fields."""
        for name, messages in wrong.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


def values_shown(values: Configuration) -> dict[str, Any]:
    """The settings as the form shows them: GiB, MiB/s, one entry a line."""
    shown: dict[str, Any] = {}
    for field in fields(Configuration):
        name, value = field.name, getattr(values, field.name)
        if name in _UNITS:
            shown[name] = _rounded(value, _UNITS[name])
        elif name in _LISTS:
            shown[name] = "\n".join(value)
        else:
            shown[name] = value if isinstance(value, bool) else str(value)
    return shown


def _field(name: str) -> forms.Field:
    label, help_text = _WORDS[name]
    told: dict[str, Any] = {"label": label, "help_text": help_text, "required": False, "show_hidden_initial": True}
    if name == "scan_on_change":
        return forms.BooleanField(**told)
    if name in _CHOICES:
        # A choice that nobody offered is for the configuration to refuse, in the same words as everywhere.
        return forms.CharField(**told, widget=forms.Select(choices=_CHOICES[name]))
    if name in _LISTS:
        rows = 8 if name == "allowed_hosts" else 3
        attributes: dict[str, Any] = {"rows": rows, "spellcheck": "false", "autocapitalize": "off"}
        return forms.CharField(**told, max_length=_TEXT_LIMIT, widget=forms.Textarea(attrs=attributes))
    attributes = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
    if name in BOUNDS:
        attributes["inputmode"] = "decimal" if name in _UNITS else "numeric"
    # Spaces around a folder's name belong to it, and to nothing else.
    return forms.CharField(**told, max_length=2_000, strip=name in BOUNDS, widget=forms.TextInput(attrs=attributes))


def _value(name: str, text: Any) -> Any:
    if name in _UNITS:
        return _measured(name, text, _UNITS[name])
    if name in BOUNDS:
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            least, most = BOUNDS[name]
            raise ValueError(_("A whole number from %(least)d to %(most)d.") % {"least": least, "most": most})
        return int(text)
    if name in _LISTS:
        return [line.strip() for line in text.splitlines() if line.strip()]
    return text


def _measured(name: str, text: str, unit: int) -> int:
    """A number of MiB or GiB as bytes, within the bounds of the setting."""
    least, most = BOUNDS[name]
    number = Decimal(text.replace(",", ".")) if _MEASURE.fullmatch(text) else Decimal(-1)
    if not least <= number * unit <= most:
        words = _("A number from %(least)s to %(most)s.")
        raise ValueError(words % {"least": least // unit, "most": f"{most // unit:,}"})
    return int(number * unit)


def _rounded(value: int, unit: int) -> str:
    """Three digits behind the point, six for less than a tenth."""
    number = Decimal(value) / unit
    text = f"{number:.3f}" if value * 10 >= unit else f"{number:.6f}"
    return text.rstrip("0").rstrip(".")
