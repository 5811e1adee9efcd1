"""Who may call what: every route × method × actor as data, and the tests that walk it. How to add rows: rows.py."""
