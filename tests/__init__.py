"""Tests that cross apps, and what every test of the project stands on."""
