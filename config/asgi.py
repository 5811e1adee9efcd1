"""The ASGI application: sockets by Channels, HTTP by the WSGI application behind one thread hop (docs/adr/0002)."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Models may be imported only after the line above has set Django up.
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings

from config.wsgi import application as wsgi_application
from core.realtime.origin import own_pages_only
from core.serve.sockets import closed, routes
from core.serve.wsgi_bridge import Aside, WSGIBridge

http = WSGIBridge(
    wsgi_application,
    threads=settings.REQUEST_THREADS,
    backlog=settings.REQUEST_BACKLOG,
    body_limit=settings.REQUEST_BODY_LIMIT,
    aside=Aside(settings.HASHING_PATHS, threads=settings.HASHING_THREADS, backlog=settings.HASHING_BACKLOG),
)

application = ProtocolTypeRouter({"http": http, "websocket": own_pages_only(closed(URLRouter(routes())))})
