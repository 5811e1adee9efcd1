"""Sockets of accounts."""
