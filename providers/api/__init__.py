"""The API of the providers app."""
