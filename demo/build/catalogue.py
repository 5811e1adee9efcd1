"""Condenses bangumi-data (CC BY 4.0) to `demo/catalogue.json.gz`, the catalogue a first start begins with.

Usage: `python demo/build/catalogue.py path/to/bangumi-data.json.gz [demo/catalogue.json.gz]`

The result keeps upstream's shape, `{"siteMeta": {…}, "items": […]}`, so one reader serves both, and stands one item a
line so that it can be read as a stream. The same input gives the same bytes.
"""

import argparse
import gzip
import json
import sys
from pathlib import Path
from typing import Any

LIMIT = 1_500_000
"""The size in bytes that the repository can bear."""

ITEM_KEYS = ("title", "titleTranslate", "type", "lang", "officialSite", "begin", "end")
"""What upstream gives for every item, so it stays even when empty."""

OPTIONAL_ITEM_KEYS = ("broadcast",)
SITE_KEYS = ("site", "id", "url", "begin", "broadcast", "regions")
KEPT_SITE_TYPES = ("info", "onair")
"""Databases and official streams; the third type, `resource`, names torrent indexes."""


def site_condense(site: dict[str, Any]) -> dict[str, Any]:
    """One site of an item without its empty values, and without a weekly rule that its own begin already says."""
    kept = {key: site[key] for key in SITE_KEYS if site.get(key)}
    if kept.get("broadcast") == f"R/{kept.get('begin')}/P7D":
        del kept["broadcast"]
    return kept


def item_condense(item: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """One item with the keys the site shows; sites that `known` (the kept siteMeta) lacks are left out."""
    kept = {key: item[key] for key in ITEM_KEYS}
    kept |= {key: item[key] for key in OPTIONAL_ITEM_KEYS if item.get(key)}
    kept["sites"] = [site_condense(site) for site in item["sites"] if site["site"] in known]
    return kept


def catalogue_condense(data: dict[str, Any]) -> bytes:
    """The whole catalogue as UTF-8 JSON, the meta on the first line and one item on each line after it."""
    known = {name: meta for name, meta in data["siteMeta"].items() if meta["type"] in KEPT_SITE_TYPES}
    items = sorted((item_condense(item, known) for item in data["items"]), key=lambda item: item.get("begin", ""))

    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    body = ",\n".join(line(item) for item in items)
    return f'{{"siteMeta":{line(known)},"items":[\n{body}\n]}}\n'.encode()


def main() -> int:
    """Read, condense, write; 1 when the result would be over the limit."""
    parser = argparse.ArgumentParser(description="Condense bangumi-data to the demo catalogue.")
    parser.add_argument("source", type=Path, help="bangumi-data's data.json, plain or gzipped")
    parser.add_argument("target", type=Path, nargs="?", default=Path(__file__).parent.parent / "catalogue.json.gz")
    arguments = parser.parse_args()
    raw = arguments.source.read_bytes()
    data = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
    packed = gzip.compress(catalogue_condense(data), compresslevel=9, mtime=0)
    if len(packed) > LIMIT:
        sys.stderr.write(f"{len(packed):,} bytes: over the limit of {LIMIT:,}\n")
        return 1
    arguments.target.write_bytes(packed)
    sys.stdout.write(f"{len(data['items']):,} anime, {len(packed):,} bytes: {arguments.target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
