"""Views of the lists' API."""
