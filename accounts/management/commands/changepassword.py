"""`manage.py changepassword NAME`: Django's, ending what came in by the old password as the site does."""

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword

from accounts.models import User
from accounts.services.passwords import old_password_end


class Command(changepassword.Command):
    help = "Change somebody's password and end all their sessions."

    def handle(self, *args: Any, **options: Any) -> str | None:
        said = super().handle(*args, **options)
        old_password_end(user=User.objects.get(username=options["username"] or getpass.getuser()))
        return said
