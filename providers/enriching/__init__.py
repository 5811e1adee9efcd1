"""One enrichment while it runs: what it has done so far, how it asks, what it makes of the answers."""
