"""What a change of the configuration does outside of downloads: the level of the log, how long staff stay signed in."""

import logging
from datetime import timedelta

from accounts.facade import staff_timeout_register
from downloads.configuration.checks import defaults
from downloads.configuration.store import configuration, on_change
from downloads.configuration.values import Configuration


def log_level_apply(former: Configuration | None, values: Configuration) -> None:
    """Set the level of everything that is logged. Without a word of the operator the environment's stays."""
    before = (former or defaults()).log_level
    if values.log_level == before:
        return
    level = values.log_level.upper()
    root = logging.getLogger()
    root.setLevel(level)
    for handler in root.handlers:
        if handler.name == "stderr":  # loggers with a level of their own pass the root's by
            handler.setLevel(level)


def staff_timeout() -> timedelta:
    """So long may staff do nothing on the site before they sign in again."""
    return timedelta(hours=configuration().session_timeout_hours)


def effects_install() -> None:
    """Called once by the app; looks at the configuration for the first time."""
    on_change(log_level_apply)
    staff_timeout_register(staff_timeout)
    configuration()
