"""`manage.py up` for browser tests: the same process, but streams of every host come from this machine."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import execute_from_command_line

    from downloads import hosts
    from downloads.tests.network import HereNetwork

    hosts.network_set(HereNetwork())
    execute_from_command_line([sys.argv[0], "up"])


if __name__ == "__main__":
    main()
