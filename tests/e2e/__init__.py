"""A real browser against `manage.py up`."""
