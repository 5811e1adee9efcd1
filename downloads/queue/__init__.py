"""The queue: its order, its limits, its stages, its end."""
