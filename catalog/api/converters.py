"""Numbers in addresses, bounded to what the database can hold."""

from django.urls.converters import IntConverter, StringConverter


class BigId(IntConverter):
    """An id of up to 18 digits."""

    regex = "[0-9]{1,18}"


class Ordinal(IntConverter):
    """An episode's number: up to nine digits."""

    regex = "[0-9]{1,9}"


class ShikimoriId(StringConverter):
    """A Shikimori id: a number, with a letter in front for some; anything of that alphabet is looked up."""

    regex = "[A-Za-z0-9_-]{1,64}"
