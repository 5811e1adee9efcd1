"""`manage.py up` whose sign-in through other sites may reach a provider on this machine: `python -m tests.e2e.oauth_site`."""

import os
import sys

import django


def main() -> None:
    """Everything as in `manage.py up`, but for the network of `accounts.oauth.providers`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    import manage
    from accounts.oauth import providers
    from core.tests.egress.servers import LoopbackNetwork

    providers.network = LoopbackNetwork()
    sys.argv = ["manage.py", "up"]
    manage.main()


if __name__ == "__main__":
    main()
