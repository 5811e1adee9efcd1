"""Backups of the configuration: made before every change and by hand, listed, restored, deleted."""

from typing import TYPE_CHECKING

import structlog
from django.utils.translation import gettext

from downloads.configuration.backup_files import Backup, backup_found, backup_remove, backup_write, backups_found
from downloads.configuration.changing import configuration_replace
from downloads.configuration.checks import defaults, values_dumped, values_loaded
from downloads.configuration.files import file_read, writing_turn
from downloads.configuration.store import configuration_sure
from downloads.configuration.values import Configuration
from downloads.errors import BackupNotFound, ConfigurationInvalid, ConfigurationUnreadable
from downloads.placing.disk import disk_errors

if TYPE_CHECKING:
    from accounts.facade import User

log = structlog.get_logger("configuration")


def backups_list() -> list[Backup]:
    """All there are (at most `backup_files.KEPT`), newest first."""
    with disk_errors():
        return backups_found()


def backup_create(actor: "User | None" = None) -> Backup:
    """Keep the present configuration. Raises `ConfigurationUnreadable` while it is damaged, and disk errors."""
    with writing_turn():
        backup = backup_write(values_dumped(configuration_sure()), is_automatic=False)
    log.info("configuration_backup_made", actor=_id(actor), backup=backup.name)
    return backup


def backup_restore(name: str, actor: "User | None" = None) -> Configuration:
    """Make the configuration what it was then; the present one is backed up before. Returns what is valid now.

    Raises `BackupNotFound`; `ConfigurationUnreadable` for a damaged backup; `ConfigurationInvalid` for one that does not fit
    any more (a folder that is gone): nothing is changed then.
    """
    with disk_errors():
        backup = backup_found(name)
        try:
            values = values_loaded(file_read(backup.path))
        except FileNotFoundError:
            raise BackupNotFound() from None
        except (ValueError, ConfigurationInvalid):
            raise ConfigurationUnreadable(gettext("The backup is damaged.")) from None
    log.info("configuration_restoring", actor=_id(actor), backup=name)
    return configuration_replace(actor, values)


def backup_delete(name: str, actor: "User | None" = None) -> None:
    """Delete a backup for good. Raises `BackupNotFound`."""
    with writing_turn():
        backup_remove(backup_found(name))
    log.info("configuration_backup_deleted", actor=_id(actor), backup=name)


def configuration_reset(actor: "User | None" = None) -> Configuration:
    """Begin anew with the defaults: the way out of a damaged file when there is no backup. What was there is kept."""
    return configuration_replace(actor, defaults())


def _id(actor: "User | None") -> str | None:
    return str(actor.pk) if actor is not None else None
