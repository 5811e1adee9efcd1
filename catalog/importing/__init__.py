"""Catalogue files into rows: readers, pure mappings of three formats to one record, and the writer that stores what differs."""
