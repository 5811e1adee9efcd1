"""What may break while the site runs, and what must hold then."""
