"""Settings, URLs, ASGI, WSGI and Celery of the project; nothing else lives here."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
