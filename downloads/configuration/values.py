"""The operator's configuration of downloads and the library, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes in bytes, rates in bytes a second, times as said. Defaults are what a new installation has (but for folders and log
    level: `checks.defaults`), smallest and largest numbers are in `checks.BOUNDS`.

    anime_directory: the library's root ("library:…" paths are relative to it). download_directory: where parts lie until
        they are whole; on the same file system the last move is atomic.
    naming_template: see `placing.naming`. container: mp4 or mkv.
    parallel_downloads, parallel_per_host: downloads at once, in all and of one host. parallel_segments: pieces at once in one.
    bandwidth: bytes a second for all downloads together, 0 for no cap. quiet_hours: spans "22:00-06:30" of `time_zone` in
        which nothing is fetched. free_space_floor: so much stays free. max_attempts: of one download.
    stall_seconds: the watchdog's patience. recycle_days: how long replaced and removed files are kept, 0 keeps none.
    allowed_hosts: where streams may be fetched from ("cdn.example.org", ".example.org" with all below it, with ":port").
    language, variant, quality: what is taken where a request says nothing.
    session_timeout_hours: so long staff stay signed in on the site without doing anything. log_level: debug, info, warning or error.
    scan_on_change: whether the library's folders are watched.
    """

    anime_directory: str = ""
    download_directory: str = ""
    naming_template: str = "{title} ({year})/Season {season:02}/{title} - S{season:02}E{episode:02} [{quality}]"
    container: str = "mp4"
    parallel_downloads: int = 2
    parallel_per_host: int = 2
    parallel_segments: int = 16
    bandwidth: int = 0
    quiet_hours: tuple[str, ...] = ()
    time_zone: str = "UTC"
    free_space_floor: int = 2 * 1024**3
    max_attempts: int = 5
    stall_seconds: int = 120
    recycle_days: int = 30
    allowed_hosts: tuple[str, ...] = ()
    language: str = ""
    variant: str = ""
    quality: int = 0
    session_timeout_hours: int = 24 * 30
    log_level: str = "info"
    scan_on_change: bool = True
