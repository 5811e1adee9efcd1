"""Shapes of the catalogue's API: stored documents for the schema, bodies for reading."""
