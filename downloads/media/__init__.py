"""ffmpeg and PyAV on local files: what is inside, joining, checking, pictures, sound."""
