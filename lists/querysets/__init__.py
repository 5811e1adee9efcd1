"""Querysets of lists: what may be seen by whom fails closed here."""
