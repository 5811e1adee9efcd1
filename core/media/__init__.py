"""Pictures and stored files: what people upload is re-encoded, what is served from disk stays inside its folder."""
