"""The kinds of jobs that downloads are done as."""
