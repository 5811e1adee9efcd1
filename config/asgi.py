"""The ASGI application: sockets by Channels, HTTP by the WSGI application behind one thread hop (docs/adr/0002)."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Models may be imported only after the line above has set Django up.
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings

from config.wsgi import application as wsgi_application
from core.serve.sockets import closed, routes
from core.serve.wsgi_bridge import WSGIBridge

http = WSGIBridge(
    wsgi_application,
    threads=settings.REQUEST_THREADS,
    backlog=settings.REQUEST_BACKLOG,
    body_limit=settings.REQUEST_BODY_LIMIT,
)

application = ProtocolTypeRouter({"http": http, "websocket": AllowedHostsOriginValidator(closed(URLRouter(routes())))})
