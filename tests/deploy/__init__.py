"""The distributed way to run: compose file, image and the processes they name."""
