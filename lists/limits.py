"""How often somebody may change collections and bring lists: one count for the API and the pages."""

from core.throttles import Limit

COVERS = Limit("collection-covers", 20, 3600)
VIEWS = Limit("collection-views", 120, 60)
COLLECTION_WRITES = Limit("collection-writes", 300, 60)
# Ours: reading a file of 20 MB is a minute of a worker.
IMPORT_UPLOADS = Limit("list-imports", 20, 3600)
EXPORTS = Limit("list-exports", 60, 3600)
SCROBBLE_RULES = Limit("scrobble-rules", 120, 60)
