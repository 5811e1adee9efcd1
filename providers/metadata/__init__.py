"""Metadata services: one module each, all with the same interface (`client.py`)."""
