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
