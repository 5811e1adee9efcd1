"""Tests of accounts: pages."""
