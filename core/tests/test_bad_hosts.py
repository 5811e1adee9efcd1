"""A wrong Host header leaves one line in the log, and no trace."""

from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

NAME = "django.security.DisallowedHost"


@pytest.mark.django_db
def test_a_wrong_host_is_one_line_without_a_trace(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example\nline"})
    assert answer.status_code == 400
    found = [record for record in caplog.records if record.name == NAME]
    assert [(record.levelname, record.exc_info) for record in found] == [("WARNING", None)]
    assert found[0].getMessage().startswith("Invalid HTTP_HOST header")
    assert "evil.example" in found[0].getMessage()
    assert "\n" not in found[0].getMessage()
    assert not [record for record in caplog.records if record.exc_info]


def test_the_line_has_a_handler() -> None:
    """Without one Python writes the message and its trace itself."""
    ours = configured.LOGGING["loggers"][NAME]
    assert ours.get("propagate", True)
    assert configured.LOGGING["root"]["handlers"]
