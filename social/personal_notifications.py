"""How a person's notifications and wishes are exported and erased."""
