"""Shapes, a file a noun."""
