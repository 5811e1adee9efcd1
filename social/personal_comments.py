"""How a person's comments and votes are exported and erased."""
