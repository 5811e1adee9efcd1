"""Finished files to people: tickets, pieces, streams made on the fly."""
