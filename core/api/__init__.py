"""The ways of the API that every endpoint shares: errors, pages, throttles, views, schema."""
