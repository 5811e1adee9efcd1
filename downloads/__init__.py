"""Downloads and the library: get it, keep it, show what is missing."""
