"""Playlists of HTTP Live Streaming, read by us (RFC 8216): pure, nothing is fetched here."""
