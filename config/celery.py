"""The Celery application: every task is found through the installed apps."""

import os
import signal
import threading

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("hiroba")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def interrupt_beat_at_sigterm(**given: object) -> None:
    """SIGTERM interrupts beat's query, and beat saves its schedule after that.

    Celery's own handler saves within the handler: when the signal comes in the midst of a query, it waits for ever for
    the connection that this query holds. psycopg cancels the query at a KeyboardInterrupt and frees the connection.
    """
    if threading.current_thread() is threading.main_thread():  # not in the embedded process, which stops beat itself
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.default_int_handler)
