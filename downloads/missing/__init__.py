"""Catalogue against disk against sources: what is there, what is not, and why."""
