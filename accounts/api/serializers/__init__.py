"""Shapes of what the accounts API takes and gives."""
