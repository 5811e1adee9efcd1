"""Server-rendered pages and fragments of lists."""
