"""Shikimori as an allauth provider: OAuth 2 (Doorkeeper); it tells a nickname and no e-mail address."""
