"""Files of one person on this machine's disk: readable by the server alone, without an address."""

from django.core.files.storage import FileSystemStorage


class PrivateFiles(FileSystemStorage):
    """Django's file storage, but nothing in it has a URL: a view that checks who asks hands it out."""

    def url(self, name: str | None) -> str:
        """Raises ValueError, always: without this, MEDIA_URL would be put in front."""
        raise ValueError("A private file has no address.")
