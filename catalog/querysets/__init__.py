"""Visibility of catalogue rows: decided here, once, and closed by default."""
