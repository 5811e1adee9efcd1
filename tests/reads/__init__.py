"""Reads that cross apps: what the core makes quick, over the catalogue."""
