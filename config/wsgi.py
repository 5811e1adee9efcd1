"""The WSGI application: all HTTP, in every way to run, behind the express way and, unless RESPONSE_CACHE=0, the response cache."""

import os
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application

from core.serve.collector import collector_settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def _quick(application: Callable[..., Any]) -> Callable[..., Any]:
    """`application` behind the express way and the response cache. Models may be imported only now, with Django set up."""
    from django.conf import settings

    from catalog.services.watching import catalogue_watch
    from core.api.express import Express
    from core.http_cache import ResponseCache

    if not settings.RESPONSE_CACHE:
        return Express(application, on_first_request=catalogue_watch)
    return ResponseCache(
        Express(application),
        size=settings.RESPONSE_CACHE_BYTES,
        ttl=settings.RESPONSE_CACHE_SECONDS,
        on_first_request=catalogue_watch,
    )


application = _quick(get_wsgi_application())

collector_settle()
