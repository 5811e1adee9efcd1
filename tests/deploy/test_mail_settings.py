"""Which variables lead mails where (docs/operate.md)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.processes import ROOT

pytestmark = pytest.mark.once
NAMES = ["EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS"]
NAMES += ["EMAIL_USE_SSL", "EMAIL_FILE_PATH", "EMAIL_TIMEOUT", "DEFAULT_FROM_EMAIL", "ANYMAIL"]
PROGRAM = (
    f"import json; from django.conf import settings as s; print(json.dumps({{n: getattr(s, n) for n in {NAMES}}}))"
)
CONSOLE = "django.core.mail.backends.console.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def settings_with(folder: Path, **variables: str) -> dict[str, object]:
    """The mail settings of a process with these variables."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("EMAIL", "ANYMAIL", "DEFAULT_FROM"))}
    env = {**kept, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings", **variables}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, {"EMAIL_BACKEND": CONSOLE, "DEFAULT_FROM_EMAIL": "Hiroba <noreply@localhost>", "EMAIL_TIMEOUT": 20}),
        (
            {"EMAIL_URL": "", "EMAIL_BACKEND": "", "DEFAULT_FROM_EMAIL": "", "PUBLIC_URL": "https://a.example:8443"},
            {"EMAIL_BACKEND": CONSOLE, "DEFAULT_FROM_EMAIL": "Hiroba <noreply@a.example>"},
        ),
        (
            {"EMAIL_URL": "smtp+tls://me%40b:p%40ss@mail.example"},
            {"EMAIL_BACKEND": SMTP, "EMAIL_HOST": "mail.example", "EMAIL_PORT": 587, "EMAIL_USE_TLS": True,
             "EMAIL_HOST_USER": "me@b", "EMAIL_HOST_PASSWORD": "p@ss", "EMAIL_USE_SSL": False},
        ),
        (
            {"EMAIL_URL": "smtp+ssl://u:p@mail.example"},
            {"EMAIL_BACKEND": SMTP, "EMAIL_PORT": 465, "EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False},
        ),
        ({"EMAIL_URL": "smtp://mail.example:2525"}, {"EMAIL_BACKEND": SMTP, "EMAIL_PORT": 2525, "EMAIL_USE_TLS": False}),
        (
            {"EMAIL_FILE_PATH": "/tmp/mails"},
            {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": "/tmp/mails"},
        ),
        (
            {"EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend", "ANYMAIL_MAILGUN_API_KEY": "k"},
            {"EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend", "ANYMAIL": {"MAILGUN_API_KEY": "k"}},
        ),
    ],
    ids=["nothing", "empty", "starttls", "tls", "plain", "folder", "service"],
)  # fmt: skip
def test_the_environment_decides(tmp_path: Path, variables: dict[str, str], expected: dict[str, object]) -> None:
    found = settings_with(tmp_path, **variables)
    assert {name: found[name] for name in expected} == expected
