"""The NFO files that belong to a video, each read once a scan."""

from pathlib import Path

from downloads.library.matching import NOTHING, Beside
from downloads.library.nfo import Nfo, nfo_read
from downloads.library.walking import Folder, FoundFile, Walk


class Besides:
    """Finds and reads NFO files in the folders of one walk: nothing is read for folders that have none."""

    def __init__(self, root: Path, walk: Walk) -> None:
        self._root, self._walk = root, walk
        self._has_any = any(folder.nfos for folder in walk.folders.values())
        self._read: dict[str, Nfo | None] = {}

    def of(self, file: FoundFile) -> Beside:
        """What lies beside a video: "<name>.nfo" or, where it is the only video, "movie.nfo"; "tvshow.nfo" here or above."""
        if not self._has_any and self._walk.folders:
            return NOTHING
        folder = self._walk.folders.get(file.path.rpartition("/")[0])
        if folder is None:
            return NOTHING
        stem = file.raw.rpartition("/")[2].rpartition(".")[0]
        own = self._of_folder(folder, f"{stem}.nfo")
        if own is None and len(folder.videos) == 1:
            own = self._of_folder(folder, "movie.nfo")
        show = self._of_folder(folder, "tvshow.nfo")
        if show is None and folder.path:
            above = self._walk.folders.get(folder.path.rpartition("/")[0])
            show = self._of_folder(above, "tvshow.nfo") if above else None
        return Beside(own, show) if own or show else NOTHING

    def _of_folder(self, folder: Folder, wanted: str) -> Nfo | None:
        name = next((one for one in folder.nfos if one.lower() == wanted.lower()), None)
        if name is None:
            return None
        path = f"{self._root}/{folder.raw}/{name}" if folder.raw else f"{self._root}/{name}"
        if path not in self._read:
            self._read[path] = nfo_read(path)
        return self._read[path]
