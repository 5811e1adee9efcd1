"""`make bench`: Hiroba's speed beside two peers on the same machine in the same run (docs/benchmarks.md)."""
