"""One module a format: each turns the lines of a file into records."""
