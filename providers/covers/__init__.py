"""Telling covers apart, and finding the same one again: 64 bits of each."""
