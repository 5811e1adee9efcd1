"""Why a file or a line was not taken is told in the language of whoever reads it, not of the worker that read the file."""

import io
import string
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from catalog.tests.factories import UserFactory
from core.jobs.services import job_run
from lists.importing.errors import ListFileRefused, ListFileUnreadable
from lists.importing.file_reasons import FILE_REASONS, file_reason_words
from lists.importing.line_reasons import line_reason_words
from lists.importing.reading import list_read
from lists.models import ListImport
from lists.tests.importing.mal_files import mal_file

URL = "/api/v1/anime-list/imports"


def zipped(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (b"", "empty", "empty"),
        (b"hello", "no_format", "neither XML nor JSON"),
        (b'{"a":\n{', "json_broken", "broken in line 2"),
        (b'{"id":1,"name":"x"}', "json_no_list", "no list: it looks like somebody's profile."),
        (b'{"100%":1,"x\\u0000y":2}', "json_no_list", "no list: its members are 100%, xy."),
        (b"<html>", "xml_no_list", "begins with <html>, not with <myanimelist>"),
        (b"<myanimelist><anime>", "xml_broken", "broken in line 1"),
        (b"a,b\n1,2\n", "table_no_list", "its columns are a, b."),
        (zipped("a", "b"), "archive_many", "more than one file"),
        (zipped("../a"), "archive_unsafe_file", "may not be unpacked"),
        (b"\x1f\x8b\x08junk", "archive_damaged", "damaged"),
    ],
)
def test_every_refusal_has_a_code_its_facts_and_words(data: bytes, reason: str, words: str) -> None:
    with pytest.raises(ListFileRefused) as caught:
        list_read(file=io.BytesIO(data))
    refused = caught.value
    assert refused.reason == reason
    assert words in file_reason_words(refused.reason, refused.facts) == str(refused.detail)
    assert "\x00" not in str(refused.facts)


def test_a_file_of_another_format_names_both() -> None:
    with pytest.raises(ListFileUnreadable) as caught:
        list_read(file=io.BytesIO(mal_file([{"id": 1}])), format="yamtrack")
    assert caught.value.facts == {"found": "mal", "wanted": "yamtrack"}


def test_words_of_another_release_are_no_error() -> None:
    assert file_reason_words("forgotten", {}) == ""
    assert "%(line)s" in file_reason_words("xml_broken", {})
    for words in map(str, FILE_REASONS.values()):
        assert "{" not in words
        assert not [name for _, name, *_ in string.Formatter().parse(words) if name]


def test_lines_are_told_in_the_readers_language_too() -> None:
    english = line_reason_words("beyond_count")
    with override("ru"):
        assert line_reason_words("beyond_count") != english
    assert line_reason_words("an old word", "what it said") == "what it said"


@pytest.mark.django_db
class TestReaders:
    @pytest.fixture
    def user(self) -> User:
        return UserFactory.create()

    def read(self, client: Client, language: str, import_id: str) -> tuple[dict[str, Any], str]:
        """(what the API says, the page) to a reader of this language."""
        client.cookies["django_language"] = language
        answer = client.get(f"{URL}/{import_id}", HTTP_ACCEPT_LANGUAGE=language).json()
        return answer, client.get(f"/settings/imports/{import_id}", HTTP_ACCEPT_LANGUAGE=language).content.decode()

    def brought(self, client: Client, data: bytes, worker: str) -> str:
        found = client.post(URL, {"file": SimpleUploadedFile("list.xml", data)}).json()["id"]
        with override(worker):
            job_run(job_id=ListImport.objects.get(pk=found).job_id)
        return str(found)

    @pytest.mark.parametrize("worker", ["en", "ru"])
    def test_page_and_api_in_each_readers_language(self, user: User, worker: str) -> None:
        client = Client()
        client.force_login(user)
        found = self.brought(client, b'{"a":\n{', worker)
        for language, words in (("en", "The JSON is broken in line 2"), ("ru", "Ошибка JSON в строке 2")):
            answer, page = self.read(client, language, found)
            assert answer["error"]["code"] == "list_file_unreadable"
            assert words in answer["error"]["detail"]
            assert words in page

    def test_what_older_imports_say_in_words_stays(self, user: User) -> None:
        old = ListImport.objects.create(
            user=user, state="failed", error_code="list_file_unreadable", error_detail="Ошибка JSON в строке 7."
        )
        client = Client()
        client.force_login(user)
        answer, page = self.read(client, "en", str(old.pk))
        assert answer["error"]["detail"] == "Ошибка JSON в строке 7."
        assert "Ошибка JSON в строке 7." in page

    def test_lines(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        found = self.brought(client, mal_file([{"id": 1, "status": "Nothing of ours"}, {"id": 2}]), "ru")
        row = client.get(f"{URL}/{found}/rows?outcome=error", HTTP_ACCEPT_LANGUAGE="en").json()["results"][0]
        assert (row["reason"], row["reason_text"]) == ("bad_status", "Its status is none that is known.")
        client.cookies["django_language"] = "ru"
        row = client.get(f"{URL}/{found}/rows?outcome=error", HTTP_ACCEPT_LANGUAGE="ru").json()["results"][0]
        assert row["reason"] == "bad_status"
        assert row["reason_text"] == line_reason_words("bad_status") or "татус" in row["reason_text"]
