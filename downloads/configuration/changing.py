"""Changing the configuration: validated first, what was there is backed up, the new one is written whole."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import structlog
from django.utils.translation import gettext

from downloads.configuration.backup_files import aside_write, backup_write
from downloads.configuration.checks import Fields, values_cleaned, values_dumped
from downloads.configuration.files import configuration_path, file_read, file_write, writing_turn
from downloads.configuration.folders import folder_problems, nesting_problem, space_problems
from downloads.configuration.store import configuration, configuration_problem, configuration_sure
from downloads.configuration.values import Configuration
from downloads.errors import ConfigurationInvalid

if TYPE_CHECKING:
    from accounts.facade import User

log = structlog.get_logger("configuration")

FOLDERS = ("anime_directory", "download_directory")


def configuration_validate(changes: Mapping[str, Any]) -> Configuration:
    """What the configuration would be with `changes`; nothing is changed.

    Raises `ConfigurationInvalid` with `extra["fields"]`: field → messages, and `ConfigurationUnreadable` while there is nothing
    sound to change. Every folder that is named is tried, changed or not.
    """
    current = configuration_sure()
    values = _changed(current, changes)
    _folders_check(values, changes)
    return values


def configuration_set(actor: "User | None", changes: Mapping[str, Any]) -> Configuration:
    """Make `changes`; returns what is valid now, in every process. Raises what `configuration_validate` does, and disk errors.

    Two that change different fields at once both get theirs. A change that changes nothing makes no backup.
    """
    current = configuration_sure()
    values = _changed(current, changes)
    # Outside of the turn: a share that hangs must not stop everybody else.
    _folders_check(values, _differences(current, values))
    with writing_turn():
        current = configuration_sure()
        values = _changed(current, changes)
        if values == current:
            return current
        backup_write(values_dumped(current), is_automatic=True)
        file_write(configuration_path(), values_dumped(values))
    log.info("configuration_changed", actor=_id(actor), fields=sorted(_differences(current, values)))
    return configuration()


def configuration_replace(actor: "User | None", values: Configuration) -> Configuration:
    """Put `values` in the place of all there is, also of a damaged file, which is kept aside. Raises as `configuration_set`."""
    _folders_check(values, _differences(configuration(), values))
    with writing_turn():
        if configuration_problem():
            aside_write(_raw())
        else:
            backup_write(values_dumped(configuration()), is_automatic=True)
        file_write(configuration_path(), values_dumped(values))
    log.info("configuration_replaced", actor=_id(actor))
    return configuration()


def _changed(current: Configuration, changes: Mapping[str, Any]) -> Configuration:
    """`current` with `changes`, as far as the values alone tell whether they can be."""
    if not isinstance(changes, Mapping):
        raise ConfigurationInvalid(gettext("Give an object of settings."), extra={"fields": {}})
    cleaned, wrong = values_cleaned(changes)
    if wrong:
        raise ConfigurationInvalid(extra={"fields": wrong})
    return replace(current, **cleaned)


def _folders_check(values: Configuration, names: Mapping[str, Any]) -> None:
    """Try the folders among `names`; a floor among them is held against both."""
    wrong: Fields = {}
    named = [name for name in FOLDERS if name in names]
    if named and (nested := nesting_problem(values.anime_directory, values.download_directory)):
        wrong[named[-1]] = [nested]
    for name in FOLDERS:
        folder = getattr(values, name)
        if name in named and name not in wrong:
            found = folder_problems(folder, floor=values.free_space_floor)
        elif name not in named and "free_space_floor" in names:
            found = space_problems(folder, floor=values.free_space_floor)
        else:
            continue
        if found:
            wrong[name] = found
    if wrong:
        raise ConfigurationInvalid(extra={"fields": wrong})


def _differences(one: Configuration, other: Configuration) -> dict[str, Any]:
    names = (field.name for field in fields(Configuration))
    return {name: getattr(other, name) for name in names if getattr(one, name) != getattr(other, name)}


def _raw() -> bytes:
    try:
        return file_read(configuration_path())
    except (OSError, ValueError):
        return b""


def _id(actor: "User | None") -> str | None:
    return str(actor.pk) if actor is not None else None
