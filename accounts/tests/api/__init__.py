"""Tests of accounts: api."""
