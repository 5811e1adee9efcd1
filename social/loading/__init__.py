"""Fills an empty site with as many people, threads, votes, posts, notifications and lines of the feed as a large one has.

For measuring and for looking at pages under load (`manage.py make_load`). Everything follows from one seed; nobody of
these people can sign in.
"""
