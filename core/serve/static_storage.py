"""Where collected static files go: hashed names as WhiteNoise makes them, compressed quickly and only once."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

BROTLI_QUALITY = 5  # 11, WhiteNoise's, takes 30 s for the first start to save another tenth of the bytes
GZIP_LEVEL = 6


class QuickCompressor(Compressor):
    """Compresses a file unless its compressed forms carry the same time as itself already."""

    def compress(self, path: str) -> list[str]:
        """Paths of the compressed forms."""
        source = Path(path).stat().st_mtime
        ready = [f"{path}{suffix}" for suffix in (".br", ".gz")]
        if all((file := Path(name)).exists() and abs(file.stat().st_mtime - source) < 0.01 for name in ready):
            return ready
        return super().compress(path)

    @staticmethod
    def compress_gzip(data: bytes) -> bytes:
        """gzip without a time, so that equal content stays equal."""
        return gzip.compress(data, GZIP_LEVEL, mtime=0)

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Brotli at a speed that a first start can wait for."""
        import brotli

        return brotli.compress(data, quality=BROTLI_QUALITY)


class StaticStorage(CompressedManifestStaticFilesStorage):
    """The storage named in STORAGES."""

    # Modules import each other by hashed names too: a new version never meets an old module in a browser's cache.
    # Only our own: builds of others mention imports in texts and comments.
    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1])  # type: ignore[attr-defined]

    def create_compressor(self, **options: Any) -> Compressor:
        """WhiteNoise asks for its compressor here."""
        return QuickCompressor(**options)
