"""Who is seen: decided here, once."""
