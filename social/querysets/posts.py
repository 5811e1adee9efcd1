"""Posts: which of them somebody sees, and which hold the words that somebody looks for."""

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Self

from django.db import connections, models
from django.db.models import BooleanField, Exists, F, Func, Q, Value
from django.db.models.expressions import CombinedExpression

from accounts.facade import people_shown_filter
from catalog.facade import anime_adult_filter, anime_visible_filter

if TYPE_CHECKING:
    from social.models.posts import Post  # noqa: F401 — named by the queryset's type

WORD_LENGTH, WORDS_LOOKED_FOR = 40, 10
_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""Letters and digits; where a language writes no spaces each letter is a word, so that parts are found."""


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: compatibility forms unfolded, lower case, ё as е, each once, in order."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return list(dict.fromkeys(word[:WORD_LENGTH] for word in _WORDS.findall(unicodedata.normalize("NFKC", folded))))


def post_stands_filter(viewer: Any, *, prefix: str = "") -> Q:
    """The post at `prefix` ("post__") is not deleted and about nothing that `viewer` may not see; its author is another question."""
    about = f"{prefix}anime__"
    anime = anime_visible_filter(viewer, prefix=about) & anime_adult_filter(viewer, prefix=about)
    return Q(**{f"{prefix}deleted_at": None}) & (Q(**{f"{prefix}anime": None}) | anime)


class PostQuerySet(models.QuerySet["Post"]):
    """`visible_to` is what an address opens and what lists show."""

    def visible_to(self, viewer: Any) -> Self:
        """Not deleted, by people whom the viewer may see (or by nobody any more), about anime that they may see."""
        from social.models.relations import Block

        author = Q(author=None) | people_shown_filter(viewer, prefix="author__")
        rows = self.filter(author, post_stands_filter(viewer))
        if viewer is None or not viewer.is_authenticated or viewer.is_staff:  # staff see everybody, as in accounts
            return rows
        return rows.exclude(Exists(Block.objects.hiding("author_id", viewer.pk)))

    def with_words(self, text: str) -> Self:
        """Those in which every word of `text` begins some word (`search_words`: "one two"); none where it has no words."""
        words = words_of(text)[:WORDS_LOOKED_FOR]
        if not words:
            return self.none()
        if connections[self.db].vendor != "postgresql":
            return self.filter(
                *(Q(search_words__contains=f" {word}") | Q(search_words__startswith=word) for word in words)
            )
        # As the index `post_search` has it, letter by letter.
        kept = Func(F("search_words"), template="array_to_tsvector(string_to_array(%(expressions)s, ' '))")
        # Words are letters and digits alone: nothing in them is a sign of the query's language.
        wanted = Func(Value(" & ".join(f"'{word}':*" for word in words)), template="%(expressions)s::tsquery")
        return self.filter(CombinedExpression(kept, "@@", wanted, output_field=BooleanField()))
