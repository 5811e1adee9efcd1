"""Celery: in-process threads alone, Redis when there is one; beat reads its schedule from the database."""

from datetime import timedelta

from celery.schedules import crontab

from config.settings.environment import REDIS_URL

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600} if REDIS_URL else {"polling_interval": 0.1}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "jobs-sweep": {"task": "core.tasks.jobs_sweep", "schedule": timedelta(seconds=30)},
    "realtime-trim": {"task": "core.tasks.realtime_trim", "schedule": timedelta(hours=1)},
    "comment-texts-store": {"task": "social.tasks.comment_texts_store", "schedule": timedelta(hours=1)},
    "digests-send": {"task": "social.tasks.digests_send", "schedule": crontab(minute="*/15")},
    "documents-refresh": {"task": "catalog.tasks.documents_refresh", "schedule": timedelta(minutes=15)},
    "feed-trim": {"task": "social.tasks.feed_trim", "schedule": crontab(hour="4", minute="50")},
    "downloads-assets": {"task": "downloads.tasks.assets_due", "schedule": crontab(minute="37")},
    "downloads-leftovers": {"task": "downloads.tasks.leftovers_trim", "schedule": crontab(minute="17")},
    "downloads-orders": {"task": "downloads.tasks.orders_serve", "schedule": timedelta(minutes=10)},
    "downloads-parts-trim": {"task": "downloads.tasks.parts_trim", "schedule": crontab(hour="4", minute="10")},
    "downloads-tick": {"task": "downloads.tasks.queue_tick", "schedule": timedelta(seconds=5)},
    "episodes-notice": {"task": "social.tasks.episodes_notice", "schedule": timedelta(minutes=1)},
    "homes-refresh": {"task": "providers.tasks.homes_refresh", "schedule": timedelta(minutes=1)},
    "imports-trim": {"task": "lists.tasks.imports_trim", "schedule": crontab(hour="4", minute="20")},
    "library-watch": {"task": "downloads.tasks.library_watch", "schedule": timedelta(minutes=1)},
    "metadata-refresh": {"task": "providers.tasks.metadata_refresh_due", "schedule": crontab(minute="7")},
    "neighbours-nightly": {"task": "lists.tasks.neighbours_nightly", "schedule": crontab(hour="3", minute="40")},
    "notifications-trim": {"task": "social.tasks.notifications_trim", "schedule": crontab(hour="4", minute="40")},
    "personal-data-due": {"task": "accounts.tasks.personal_data_due", "schedule": timedelta(hours=1)},
    "posts-hotness": {"task": "social.tasks.posts_hotness", "schedule": timedelta(minutes=5)},
    "post-images-sweep": {"task": "social.tasks.post_images_sweep", "schedule": timedelta(hours=1)},
    "provider-covers-hash": {"task": "providers.tasks.covers_hash", "schedule": crontab(hour="2", minute="10")},
    "provider-pages-trim": {"task": "providers.tasks.pages_trim", "schedule": crontab(hour="4", minute="30")},
    "provider-posters-fetch": {"task": "providers.tasks.posters_fetch", "schedule": timedelta(minutes=15)},
    "provider-titles-rematch": {"task": "providers.tasks.titles_rematch", "schedule": crontab(hour="4", minute="50")},
    "push-receipts": {"task": "accounts.tasks.push_receipts", "schedule": timedelta(minutes=5)},
    "sign-ins-trim": {"task": "accounts.tasks.sign_ins_trim", "schedule": timedelta(hours=1)},
}
