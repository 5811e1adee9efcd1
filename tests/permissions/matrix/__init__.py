"""The rows, a file an app; see ../rows.py for how to add some."""
