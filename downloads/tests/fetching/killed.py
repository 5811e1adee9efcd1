"""A process that fetches a stream until it is killed: `python -m downloads.tests.fetching.killed URL PORT FOLDER`."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Fetch, and say so when it is done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    from django.conf import settings

    # The whole site is not needed for this, and takes seconds to start.
    settings.configure(
        EGRESS_ENABLED=True,
        EGRESS_DENIED_HOSTS=[],
        EGRESS_ALLOWED_HOSTS=[],
        EGRESS_USER_AGENT="Hiroba/test",
        LIBRARY_ROOT="/nowhere",
        DOWNLOADS_ROOT="/nowhere",
        USE_I18N=False,
    )
    from downloads.fetching import parallel
    from downloads.fetching.contract import FetchRequest
    from downloads.fetching.engine import fetch
    from downloads.tests.fetching.worlds import policy_of

    parallel.bucket.spend = lambda _count: 0.0  # type: ignore[method-assign]
    url, port, folder = sys.argv[1:]
    request = FetchRequest(url=url, kind="hls", folder=Path(folder), policy=policy_of(int(port)), parallel=3)
    fetch(request, on_progress=lambda _progress: None)


if __name__ == "__main__":
    main()
