"""What a collection says of itself, for those who moderate."""

import uuid
from typing import Any

from lists.models import Collection, CollectionVisibility


def collection_public_facts(collection_id: uuid.UUID) -> dict[str, Any] | None:
    """`title`, `description`, `author` and `visibility` of a collection; of a private one its visibility alone, because
    nobody but its owner reads it. None when there is none. One query.
    """
    found = Collection.objects.select_related("owner").filter(pk=collection_id).first()
    if found is None:
        return None
    facts: dict[str, Any] = {"visibility": found.visibility}
    if found.visibility != CollectionVisibility.PRIVATE:
        facts |= {"title": found.title, "description": found.description, "author": found.owner.username}
        if found.cover_id:
            facts["cover"] = str(found.cover_id)
    return facts
