"""Writes of the catalogue: every one of them ends in `changes.catalog_touch`."""
