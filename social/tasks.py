"""Celery's entry points of the community."""

from celery import shared_task


@shared_task(name="social.tasks.posts_hotness")
def posts_hotness() -> int:
    """Rank anew the posts that can still move (every 5 minutes)."""
    from social.services.post_hotness import hotness_refresh

    return hotness_refresh()


@shared_task(name="social.tasks.post_images_sweep")
def post_images_sweep() -> int:
    """Delete pictures that no post took within a day (hourly)."""
    from social.services.post_images import images_sweep

    return images_sweep()


@shared_task(name="social.tasks.feed_trim")
def feed_trim() -> int:
    """Forget lines of the feed that are older than half a year (daily)."""
    from social.services.feed import feed_trim as trim

    return trim()


@shared_task(name="social.tasks.episodes_notice")
def episodes_notice() -> int:
    """Notice episodes that play now and did not before, and have those told who wait for them (every minute)."""
    from social.services.episode_releases import releases_scan, releases_tell

    releases_scan()
    return releases_tell()


@shared_task(name="social.tasks.digests_send")
def digests_send() -> int:
    """Plan digests for the next morning of each person, and mail those that are due (every quarter of an hour)."""
    from social.services import digests

    digests.digests_plan()
    return digests.digests_send()


@shared_task(name="social.tasks.notifications_trim")
def notifications_trim() -> int:
    """Forget what was read 90 days ago, and jobs that are long over (daily)."""
    from social.services.episode_releases import jobs_trim
    from social.services.notification_marks import notifications_trim as trim

    jobs_trim()
    return trim()


@shared_task(name="social.tasks.comment_texts_store")
def comment_texts_store() -> int:
    """Store what today's rules make of comments that older ones made into HTML, 500 at a time (hourly)."""
    from social.services.comment_rendering import comment_texts_store as store

    return store()
