"""The ready-made JSON of an anime: what is loaded for it, and the two pure builders."""

from catalog.documents.cards import card_build
from catalog.documents.details import detail_build
from catalog.documents.facts import AnimeFacts, facts_load

VERSION = 1
"""Of the shape of the documents. Raise it with every change of shape; `documents_rebuild_stale` does the rest. 0 marks a stale row."""

__all__ = ["VERSION", "AnimeFacts", "card_build", "detail_build", "facts_load"]
