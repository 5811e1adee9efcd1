"""Markdown of strangers, made into safe HTML.

`markdown_read` parses, `Reading.html` renders: between the two the caller may look up whom the text names. The text itself is
kept as it was written; everything that could deceive or harm is taken out on the way to HTML only.
"""

from core.markup.reading import VERSION, Reading, markdown_read
from core.markup.seen import seen_text

__all__ = ["VERSION", "Reading", "markdown_read", "seen_text"]
