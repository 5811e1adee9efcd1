"""Shapes of the lists' API."""
