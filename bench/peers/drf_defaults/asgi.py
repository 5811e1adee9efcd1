"""The peer's ASGI application, for daphne."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.peers.drf_defaults.settings")

application = get_asgi_application()
