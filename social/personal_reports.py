"""How a person's reports and votes on anime are exported and erased."""
