"""One process that is the whole site: HTTP and sockets, worker and beat, and the checks before they start."""
