"""What the feed hears of: changes of lists, posts, collections that became public."""

from lists.facade import CollectionPublished, EntryChanged, HistoryForgotten
from social.events import PostPublished
from social.services.feed import change_take_back, change_tell, collection_tell, list_lines_forget, post_tell


def entry_changed(event: EntryChanged) -> None:
    """Single public changes are told. Imports and bulk edits are not: nobody wants five hundred lines, nor to wait for them."""
    if event.batch is not None or event.source == "import":
        return
    if event.source == "undo":
        change_take_back(event=event)
    elif event.was_public and not event.is_removed:
        change_tell(event=event)


def post_published(event: PostPublished) -> None:
    post_tell(post_id=event.post_id, author_id=event.author_id)


def collection_published(event: CollectionPublished) -> None:
    collection_tell(collection_id=event.collection_id, owner_id=event.owner_id)


def history_forgotten(event: HistoryForgotten) -> None:
    list_lines_forget(user_id=event.user_id)
