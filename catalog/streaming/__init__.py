"""Serving the operator's own files to the player: where they lie, who may have them, in which pieces."""
