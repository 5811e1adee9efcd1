"""Rows of bringing lists in: the API and the wizard."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lists.importing.records import ListRecord
from lists.models import ListImport, ListImportRow
from lists.services.states import EntryState
from lists.tests.importing.mal_files import mal_file
from tests.permissions.rows import SIGNED_IN, SIGNED_IN_PAGE, Row

_API = "api/v1/anime-list/imports"
_PAGE = "settings/imports"
_FILE = mal_file([{"id": 1, "status": "Watching"}, {"id": 999_999, "title": "Unheard of"}])
_MINE, _MINE_202, _MINE_204 = (f"401 {code} 404 404 404 404 404" for code in (200, 202, 204))
_MINE_PAGE, _MINE_FORM = (f"302 {code} 404 404 404 404 404" for code in (200, 302))


def setup(world: Any) -> None:
    """The owner has one import to look through and one that is applied."""
    counts = {
        "total": 1,
        "new": 1,
        "changed": 0,
        "same": 0,
        "conflict": 0,
        "unknown": 0,
        "error": 0,
        "has_times": False,
    }
    world.list_import, world.applied_import = ListImport.objects.bulk_create(
        ListImport(user=world.owner, file_name="list.xml", format="mal", state=state, counts=counts)
        for state in ("previewed", "applied")
    )
    record = ListRecord(1, "A title", (("mal", "1"),), EntryState(), frozenset(["status"])).as_json()
    ListImportRow.objects.bulk_create(
        ListImportRow(list_import=found, position=1, title="A title", outcome="new", anime=world.anime, record=record)
        for found in (world.list_import, world.applied_import)
    )


def _upload(world: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("list.xml", _FILE)}


def _of(tail: str = "", *, base: str = _API, name: str = "list_import") -> Any:
    return lambda w: f"/{base}/{getattr(w, name).pk}{tail}"


ROWS = [
    Row("GET", _API, SIGNED_IN),
    Row("POST", _API, "401 415 415 415 415 415 415", body=lambda w: {"file": "x"}),  # a list comes as a form
    Row("GET", f"{_API}/<uuid:id>", _MINE, path=_of()),
    Row("DELETE", f"{_API}/<uuid:id>", _MINE_204, path=_of()),
    Row("GET", f"{_API}/<uuid:id>/rows", _MINE, path=_of("/rows")),
    Row(
        "PATCH",
        f"{_API}/<uuid:id>/rows/<bigid:position>",
        _MINE,
        path=_of("/rows/1"),
        body=lambda w: {"choice": "skip"},
    ),
    Row("POST", f"{_API}/<uuid:id>/apply", _MINE_202, path=_of("/apply"), body=lambda w: {"rule": "mine"}),
    Row("POST", f"{_API}/<uuid:id>/undo", _MINE_202, path=_of("/undo", name="applied_import")),
    Row("GET", _PAGE, SIGNED_IN_PAGE),
    Row("POST", _PAGE, "302 302 302 302 302 302 302", body=_upload),
    Row("GET", f"{_PAGE}/<uuid:id>", _MINE_PAGE, path=_of(base=_PAGE)),
    Row("GET", f"{_PAGE}/<uuid:id>/status", _MINE_PAGE, path=_of("/status", base=_PAGE)),
    Row(
        "POST",
        f"{_PAGE}/<uuid:id>/lines/<bigid:position>",
        _MINE_FORM,
        path=_of("/lines/1", base=_PAGE),
        body=lambda w: {"choice": "skip"},
    ),
    Row(
        "POST",
        f"{_PAGE}/<uuid:id>/apply",
        _MINE_FORM,
        path=_of("/apply", base=_PAGE),
        body=lambda w: {"rule": "mine"},
    ),
    Row("POST", f"{_PAGE}/<uuid:id>/undo", _MINE_FORM, path=_of("/undo", base=_PAGE, name="applied_import")),
    Row("POST", f"{_PAGE}/<uuid:id>/discard", _MINE_FORM, path=_of("/discard", base=_PAGE)),
]
