"""The title part of an anime's address."""

from django.utils.text import slugify


def slug_of(*titles: str, fallback: str = "") -> str:
    """The first of `titles` that leaves something in ASCII, as a slug of at most 120 characters; else `fallback`."""
    for title in titles:
        slug = slugify(title)[:120].strip("-_")
        if slug:
            return slug
    return fallback
