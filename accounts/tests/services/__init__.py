"""Tests of accounts: services."""
