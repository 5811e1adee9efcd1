#!/usr/bin/env python
"""Entry point of every command; `manage.py up` is the one an operator needs first."""

import os
import sys
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["up"]:
        _check_before_settings()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def _check_before_settings() -> None:
    """A wrong environment gets one line and exit code 2 here, where the settings would raise."""
    from core.serve.preflight import EXIT_CODE, CannotStart, check_environment

    try:
        check_environment(os.environ, Path(__file__).resolve().parent)
        _settings_read()
    except CannotStart as reason:
        sys.stderr.write(f"hiroba: {reason}\n")
        sys.exit(EXIT_CODE)


def _settings_read() -> None:
    """A number that is none, a list that is none: the operator is told which words could not be read. Raises CannotStart."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from core.serve.preflight import CannotStart

    try:
        settings.configured or settings.DATABASES  # noqa: B018 — the first look reads the settings
    except (ValueError, ImproperlyConfigured) as error:
        raise CannotStart(f"the environment holds a value that cannot be read: {error}") from error


if __name__ == "__main__":
    main()
