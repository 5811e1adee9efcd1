"""The socket of the queue."""
