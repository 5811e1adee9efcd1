"""What every template may use: the chosen theme, language of titles and the site's name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.site.preferences import theme_of, title_language_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Variables of the site shell. Makes no query for anonymous visitors (their session is empty)."""
    match = getattr(request, "resolver_match", None)
    return {
        "site_name": settings.SITE_NAME,
        "site_languages": settings.LANGUAGES,
        "theme": theme_of(request),
        "title_language": title_language_of(request),
        "page_name": match.url_name if match else "",
    }
