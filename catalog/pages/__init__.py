"""Server-rendered pages of catalog."""
