"""What staff write of downloads and the library: shaped texts alone, hostile ones are refused calmly."""

_CONFIGURATION = (
    "allowed_hosts[]",
    "anime_directory",
    "download_directory",
    "language",
    "naming_template",
    "quiet_hours[]",
    "time_zone",
    "variant",
)
_SET, _VALIDATE = "admin_library_configuration_set", "admin_library_configuration_validate"

DOWNLOADS_REFUSED: dict[str, str] = {
    "a language by its code, or an address on an allowed host": (
        "admin_downloads_create.language admin_downloads_create.url "
        "admin_library_follow_set.language admin_library_missing_fill.language"
    ),
    "a folder, a template, hosts, hours: what each may be is checked, and tried on disk": " ".join(
        f"{operation}.{name}" for operation in (_SET, _VALIDATE) for name in _CONFIGURATION
    ),
}

DOWNLOADS_ADDRESSES = {
    "admin_downloads_create": ("POST", "admin/downloads"),
    "admin_library_follow_set": ("PUT", "admin/library/missing/{anime}/follow"),
    "admin_library_missing_fill": ("POST", "admin/library/missing/{anime}/fill"),
    _SET: ("PUT", "admin/library/configuration"),
    _VALIDATE: ("POST", "admin/library/configuration/validate"),
}
"""Where these operations are."""
