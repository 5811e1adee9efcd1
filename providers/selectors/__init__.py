"""Reads of the providers app, a file a noun."""
