"""How a person's friends, follows and blocks are exported and erased."""
