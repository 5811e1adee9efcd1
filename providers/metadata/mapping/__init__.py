"""What each service's JSON means in the catalogue's terms: pure functions, JSON in, `AnimeRecord` out."""
