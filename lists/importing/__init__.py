"""Lists of other sites: what is read from their files, and how it is held against the list here."""
