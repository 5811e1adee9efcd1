"""Streams and files brought onto this machine's disk, through core.egress alone."""
