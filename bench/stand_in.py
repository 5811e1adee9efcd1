"""The stand-in for metadata services as a process of its own, for benchmarks and demonstrations.

python -m bench.stand_in --port 8899 [--covers]     reads HIROBA_DATA; without it there are a few invented anime
curl -d '{"kind": "storm", "retry_after": 60}' 127.0.0.1:8899/_stand_in      a fault; an empty POST heals, a GET is the log
"""

import argparse
import os
import time
from pathlib import Path

from providers.tests.standin.records import records_builtin, records_of_folder
from providers.tests.standin.server import StandIn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8899)
    parser.add_argument("--covers", action="store_true", help="pictures of Jikan's records are this server's covers")
    given = parser.parse_args()
    folder = Path(os.environ["HIROBA_DATA"]) if os.environ.get("HIROBA_DATA") else None
    began = time.monotonic()
    records = records_of_folder(folder) if folder else records_builtin()
    recorded = folder / "jikan" / "recorded" if folder else None
    stand_in = StandIn(records, port=given.port, recorded=recorded, has_covers=given.covers)
    print(f"{len(records.ids())} anime, ready after {time.monotonic() - began:.1f} s:", flush=True)
    for client, address in stand_in.base_urls.items():
        print(f"  {client:10} {address}", flush=True)
    try:
        stand_in.serve()
    except KeyboardInterrupt:
        print("stopped")


if __name__ == "__main__":
    main()
