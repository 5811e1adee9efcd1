"""The site shell: what every page shares."""
