"""Writes of the catalogue: one transaction each, documents refreshed, changes logged."""
