"""Private, throw-away PostgreSQL and Redis for tests and benchmarks; never the system's."""
