"""Server-rendered pages of providers."""
