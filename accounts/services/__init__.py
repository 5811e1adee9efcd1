"""Everything that changes accounts; API, site, admin and commands call these."""
