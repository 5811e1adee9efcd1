"""Identifiers: UUIDv7 for what users make, so that rows sort by the time of their making."""

import uuid

import uuid_utils.compat

LARGEST_ID = 2**63 - 1
"""The largest number that a column of ids takes in both databases; what is larger names nothing."""


def uuid7() -> uuid.UUID:
    """A new UUIDv7 (RFC 9562) as the standard library's type."""
    return uuid_utils.compat.uuid7()
