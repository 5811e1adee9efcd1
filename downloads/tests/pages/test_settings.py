"""The settings page, as a browser without scripts uses it."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from downloads.configuration.backups import backups_list
from downloads.configuration.changing import configuration_set
from downloads.configuration.store import configuration
from downloads.pages.settings_form import GROUPS, SettingsForm, values_shown
from downloads.tests.queue.conftest import Configured, admin, configured
from tests.query_counts import assert_queries

__all__ = ["admin", "configured"]
pytestmark = pytest.mark.django_db
PAGE = "/downloads/settings"


@pytest.fixture
def site(admin: User, configured: Configured) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def shown(site: Client, path: str = PAGE) -> str:
    answer = site.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the page's form, untouched."""
    form = page[page.index('class="settings-form"') : page.index('class="settings-save"')]
    sent = dict(re.findall(r'<input type="(?:text|hidden)" name="([^"]+)"(?: value="([^"]*)")?', form))
    for name in re.findall(r'<input type="checkbox" name="([^"]+)"[^>]* checked', form):
        sent[name] = "on"
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        sent[name] = (re.findall(r'value="([^"]*)" selected', body) or [""])[0]
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        sent[name] = text
    return sent


def test_the_page_says_how_things_stand(site: Client, tmp_path: Path) -> None:
    shown(site)
    with assert_queries("downloads/page settings"):
        page = shown(site)
    for words in (f"<code>{tmp_path}/library</code>", " free", "cdn.example", "Sousou no Frieren (2023)/Season 01/"):
        assert words in page, words
    assert "Quiet hours" in page
    (tmp_path / "library").rmdir()
    assert "It is made with the first file" in shown(site)
    configured = {name for _name, _title, names in GROUPS for name in names}
    assert configured == set(SettingsForm().fields)


def test_sent_untouched_nothing_changes(site: Client, configured: Configured) -> None:
    configured(bandwidth=10_000_000, free_space_floor=123_456_789, quiet_hours=["22:00-06:30", "12:00-13:00"])
    before, count = configuration(), len(backups_list())
    sent = form_of(shown(site))
    assert (sent["bandwidth"], sent["free_space_floor"]) == ("9.537", "0.115")
    answer = site.post(PAGE, sent, follow=True)
    assert "Nothing was changed." in answer.content.decode()
    assert (configuration(), len(backups_list())) == (before, count)


def test_what_is_changed_is_saved_and_nothing_else(site: Client) -> None:
    sent = form_of(shown(site))
    configuration_set(None, {"max_attempts": 7})  # somebody else, in between
    sent |= {"bandwidth": "1,5", "quiet_hours": "22:00-06:30\r\n\r\n 12:00-13:00 ", "log_level": "debug"}
    del sent["scan_on_change"]
    answer = site.post(PAGE, sent, follow=True)
    assert "The settings are saved." in answer.content.decode()
    now = configuration()
    assert (now.bandwidth, now.max_attempts, now.log_level) == (1_572_864, 7, "debug")
    assert (now.quiet_hours, now.scan_on_change) == (("22:00-06:30", "12:00-13:00"), False)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"max_attempts": "99"}, "A whole number from 1 to 20."),
        ({"max_attempts": "many"}, "A whole number from 1 to 20."),
        ({"bandwidth": "-1"}, "A number from 0 to 10,240."),
        ({"bandwidth": "nan"}, "A number from 0 to 10,240."),
        ({"bandwidth": "1e999999"}, "A number from 0 to 10,240."),
        ({"free_space_floor": "x"}, "A number from 0 to 102,400."),
        ({"anime_directory": "/etc"}, "This folder belongs to the system."),
        ({"anime_directory": ""}, "Name a folder."),
        ({"allowed_hosts": "cdn.example\nhttp://x"}, "http://x is no host"),
        ({"naming_template": "{title}"}, "The name of the file needs the episode"),
        ({"log_level": "<script>"}, "One of: debug, info, warning, error."),
        ({"time_zone": "../etc"}, "A time zone such as Europe/Berlin."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(site: Client, changed: dict, words: str) -> None:
    before = configuration()
    sent = form_of(shown(site)) | changed
    for how in ("save", "check"):
        answer = site.post(PAGE, sent | {"do": how})
        page = answer.content.decode()
        assert answer.status_code == 422
        (name,) = changed
        assert f'href="#id_{name}"' in page
        field = page[page.index(f'for="id_{name}"') :][:4_000]
        assert 'class="errorlist"' in field
        assert escape(words) in field
        assert "<script>alert" not in page
    assert configuration() == before


def test_checking_saves_nothing_and_keeps_what_was_typed(site: Client) -> None:
    before = configuration()
    sent = form_of(shown(site)) | {"max_attempts": "9", "do": "check"}
    page = site.post(PAGE, sent).content.decode()
    assert "Nothing has been saved yet." in page
    assert configuration() == before
    again = form_of(page)
    assert (again["max_attempts"], again["initial-max_attempts"]) == ("9", "5")
    site.post(PAGE, again)
    assert configuration().max_attempts == 9


def test_a_preview_while_typing(site: Client) -> None:
    page = shown(site, f"{PAGE}/preview?naming_template=%7Btitle%7D/%7Bepisode:03%7D")
    assert page.lstrip().startswith('<div id="settings-preview"')
    assert "Sousou no Frieren/003.mkv" in page
    page = shown(site, f"{PAGE}/preview?naming_template=%3Cscript%3E")
    assert "settings-template-wrong" in page
    assert "<script>" not in page


def test_backups_by_hand(site: Client) -> None:
    assert site.post(f"{PAGE}/backups").url == f"{PAGE}#backups"
    backup = backups_list()[0]
    configuration_set(None, {"max_attempts": 9})
    page = shown(site)
    assert ("By hand" in page, "Before a change" in page, backup.name in page) == (True, True, True)
    site.post(f"{PAGE}/backups/{backup.name}", {"do": "restore"})
    assert configuration().max_attempts == 5
    site.post(f"{PAGE}/backups/{backup.name}", {"do": "delete"})
    assert backup.name not in [one.name for one in backups_list()]
    assert site.post(f"{PAGE}/backups/{backup.name}", {"do": "restore"}).status_code == 404
    assert site.post(f"{PAGE}/backups/..%2Fsecret", {"do": "delete"}).status_code == 404


def test_a_backup_that_does_not_fit_says_why(site: Client, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    configuration_set(None, {"anime_directory": str(tmp_path / "other")})
    site.post(f"{PAGE}/backups")
    name = backups_list()[0].name
    configuration_set(None, {"anime_directory": str(tmp_path / "library")})
    (tmp_path / "other").rmdir()
    page = site.post(f"{PAGE}/backups/{name}", {"do": "restore"}, follow=True).content.decode()
    assert "anime_directory: The folder does not exist." in page
    assert configuration().anime_directory == str(tmp_path / "library")


def test_the_way_out_of_a_damaged_file(site: Client, tmp_path: Path) -> None:
    (tmp_path / "configuration" / "downloads.json").write_bytes(b"{damaged")
    page = shown(site)
    assert ('id="damaged"' in page, "Back up now" in page) == (True, False)
    answer = site.post(PAGE, form_of(page) | {"max_attempts": "9"})
    assert (answer.status_code, 'id="damaged"' in answer.content.decode()) == (422, True)
    site.post(f"{PAGE}/backups", {"do": "reset"})
    page = shown(site)
    assert ('id="damaged"' in page, configuration().allowed_hosts) == (False, ())
    assert list((tmp_path / "configuration" / "backups").glob("damaged_*"))


def test_values_survive_the_way_through_the_form(configured: Configured) -> None:
    for size in (0, 16 * 1024, 1_000_000, 123_456_789, 10 * 1024**3):
        configured(bandwidth=size)
        values = values_shown(configuration())
        form = SettingsForm({**values, "initial-bandwidth": "other"}, initial=values)
        assert abs(form.changes()["bandwidth"] - size) <= size * 0.01, size
