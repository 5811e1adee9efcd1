"""Which official links may be shown: a `javascript:` address that an import let through would run on a click (threat 34)."""

from django.db.models import Q

OPENABLE = Q(url__istartswith="https://") | Q(url__istartswith="http://")
