"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """The site's name."""
    return {"site_name": settings.SITE_NAME}
