"""A process of ours that opens media files with PyAV, so that a file which kills or holds it costs one file (see `media.children`)."""
