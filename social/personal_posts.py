"""How a person's posts, their pictures and reactions are exported and erased."""
