"""The settings pages of a person's own data and of the end of their account."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import DataExport, User
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from accounts.tests.mails import code_in, mails_sent
from core.jobs.services import job_run
from core.models import Job
from core.personal_data import export_parts
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def browser(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


class TestExport:
    def test_says_what_is_in_it(self, browser: Client) -> None:
        browser.get("/settings/export")
        with assert_queries("accounts/GET settings/export"):
            page = text(browser.get("/settings/export"))
        assert all(f"<code>{part.name}.json</code>" in page for part in export_parts())
        assert "There is none yet." in page

    def test_ask_watch_download(self, browser: Client) -> None:
        assert browser.post("/settings/export")["Location"] == "/settings/export"
        page = text(browser.get("/settings/export"))
        assert 'hx-get="/settings/export/status" hx-trigger="every 2s"' in page
        assert "Look again" in page, "for browsers without scripts"
        assert "Make a copy" not in page

        Job.objects.update(state="running", progress=61.4, stage="lists/progress")
        part = text(browser.get("/settings/export/status"))
        assert 'aria-valuenow="61"' in part
        assert "Where you stopped watching" in part
        assert part.lstrip().startswith("<section")

        Job.objects.update(state="queued")
        job_run(job_id=DataExport.objects.get().job_id)
        part = text(browser.get("/settings/export/status"))
        assert "hx-trigger" not in part, "it stops asking"
        found = re.search(r'href="(/settings/export/[0-9a-f-]+/download)"', part)
        assert found
        response = browser.get(found[1])
        assert response["Content-Disposition"].startswith("attachment")
        assert "no-store" in response["Cache-Control"]
        assert "index.json" in zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))).namelist()

    def test_twice_says_that_one_is_being_made(self, browser: Client) -> None:
        browser.post("/settings/export")
        page = text(browser.post("/settings/export", follow=True))
        assert "A copy of your data is being made already" in page
        assert DataExport.objects.count() == 1

    def test_a_failed_one_says_so(self, browser: Client) -> None:
        browser.post("/settings/export")
        Job.objects.update(state="failed")
        page = text(browser.get("/settings/export"))
        assert "could not be made" in page
        assert "Make a copy" in page

    def test_three_downloads_an_hour_with_those_of_the_api(self, browser: Client, user: User) -> None:
        browser.post("/settings/export")
        export = DataExport.objects.get()
        job_run(job_id=export.job_id)
        address = f"/settings/export/{export.pk}/download"
        token = session_start(user=user).access_token
        assert Client().get("/api/v1/users/me/export", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert [browser.get(address).status_code for _ in range(3)] == [200, 200, 302]
        assert "Too many requests" in text(browser.get("/settings/export"))
        cache.clear()
        DataExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert "no longer kept" in text(browser.get(address, follow=True))

    def test_anothers_is_not_found(self, browser: Client) -> None:
        other = DataExport.objects.create(user=UserFactory.create(), finished_at=timezone.now())
        assert browser.get(f"/settings/export/{other.pk}/download").status_code == 404


class TestDeletion:
    def test_request_code_confirm_banner_cancel(self, browser: Client, user: User) -> None:
        browser.get("/settings/deletion")
        with assert_queries("accounts/GET settings/deletion"):
            page = text(browser.get("/settings/deletion"))
        assert "What goes" in page
        assert 'name="code"' not in page

        page = text(browser.post("/settings/deletion/request", follow=True))
        assert user.email in page
        assert 'name="code"' in page

        (mail,) = mails_sent()
        response = browser.post("/settings/deletion/confirm", {"code": code_in(mail)})
        assert (response.status_code, response["Location"]) == (302, "/settings/deletion")
        page = text(browser.get("/settings/deletion"))
        assert "UTC your account is erased" in page
        home = text(browser.get("/"))
        assert 'class="deletion-banner"' in home, "on every page"

        page = text(browser.post("/settings/deletion/cancel", follow=True))
        assert "Your account stays." in page
        assert "deletion-banner" not in page
        user.refresh_from_db()
        assert user.deletion_due_at is None

    def test_the_mails_link_fills_the_code_in_and_leaks_it_nowhere(self, browser: Client) -> None:
        browser.post("/settings/deletion/request")
        response = browser.get("/settings/deletion?code=ABCDE-12345%22%3E")
        assert 'value="ABCDE-12345&quot;&gt;"' in text(response)
        assert response["Referrer-Policy"] == "same-origin"
        assert User.objects.filter(deletion_due_at__isnull=False).count() == 0, "opening a link changes nothing"

    def test_a_wrong_code(self, browser: Client) -> None:
        browser.post("/settings/deletion/request")
        response = browser.post("/settings/deletion/confirm", {"code": "AAAAA-AAAAA"})
        assert response.status_code == 422
        assert "This code is not right" in text(response)

    def test_the_last_superadmin_reads_why_not(self, client: Client) -> None:
        client.force_login(UserFactory.create(role="superadmin"))
        page = text(client.post("/settings/deletion/request", follow=True))
        assert "The last superadmin has to stay" in page

    def test_cancelling_nothing(self, browser: Client) -> None:
        assert "No deletion" in text(browser.post("/settings/deletion/cancel", follow=True))

    def test_nobody_is_sent_there_from_elsewhere(self, user: User) -> None:
        """A form of another site has no CSRF token."""
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        for step in ("request", "confirm", "cancel"):
            assert client.post(f"/settings/deletion/{step}").status_code == 403
        assert client.post("/settings/export").status_code == 403
