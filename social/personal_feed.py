"""How a person's the activity feed are exported and erased."""
