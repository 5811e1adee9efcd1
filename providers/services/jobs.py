"""The kinds of jobs of this app, registered when it starts."""
