"""Server-rendered pages of lists."""
