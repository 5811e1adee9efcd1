"""The ASGI application whose hub never looks by itself: what closes a socket here is the hint alone."""

from importlib import import_module

from config.asgi import application

import_module("core.realtime.hub").TICK = 3600.0

__all__ = ["application"]
