"""Signing in through other sites: allauth does the protocol, what happens with whom it finds is ours."""
