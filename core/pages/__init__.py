"""Pages of the core app: errors, language and theme."""
