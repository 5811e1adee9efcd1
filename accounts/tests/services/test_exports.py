"""Copies of a person's data: what is in them, made once whatever dies in between, gone with their files."""

import io
import json
import threading
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from accounts.errors import ExportExists, ExportExpired, ExportNotReady
from accounts.models import DataExport, User
from accounts.services import exports
from accounts.services.export_files import export_json
from accounts.services.exports import export_open, export_request, export_state, exports_trim, private_storage
from accounts.tests.factories import UserFactory
from core.jobs.services import job_run, jobs_sweep
from core.media.images import image_store
from core.models import Job, JobState, RealtimeEvent
from core.personal_data import export_parts
from core.tests.media.pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)


def files() -> list[str]:
    """What lies in the private storage."""
    root = Path(private_storage().location)  # type: ignore[attr-defined]
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def _empty_storage() -> None:
    for name in files():
        private_storage().delete(name)


def made(user: User) -> DataExport:
    """A copy that a worker has finished."""
    export = export_request(user=user)
    assert export.job_id
    job = job_run(job_id=export.job_id)
    assert job is not None
    assert job.state == JobState.DONE
    export.refresh_from_db()
    return export


def unzipped(export: DataExport) -> zipfile.ZipFile:
    with export_open(export=export) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


class TestWhatIsInIt:
    def test_a_file_a_part_and_an_index(self) -> None:
        user = UserFactory.create(bio="likes rain")
        archive = unzipped(made(user))
        index = json.loads(archive.read("index.json"))
        names = [part["file"] for part in index["parts"]]
        assert archive.testzip() is None
        assert names == [f"{part.name}.json" for part in export_parts()]
        assert sorted(archive.namelist()) == sorted([*names, "index.json"])
        assert (index["schema_version"], index["user_id"], index["files"]) == (1, str(user.pk), [])
        for part in index["parts"]:
            assert len(json.loads(archive.read(part["file"]))) == part["rows"]
            assert part["about"]
        profile = json.loads(archive.read("accounts/profile.json"))
        assert [(row["id"], row["bio"]) for row in profile] == [(str(user.pk), "likes rain")]

    def test_the_avatar_as_a_picture(self) -> None:
        user = UserFactory.create()
        user.avatar = image_store(file=picture(), purpose="avatar", owner=user)
        user.save()
        archive = unzipped(made(user))
        shown = [name for name in archive.namelist() if name.startswith("avatar/")]
        assert json.loads(archive.read("index.json"))["files"] == shown
        stored = user.avatar.variants[max(user.avatar.variants, key=int)]
        assert {archive.read(name) for name in shown} == {default_storage.open(name).read() for name in stored.values()}

    def test_an_avatar_whose_file_is_lost_stops_nothing(self) -> None:
        user = UserFactory.create()
        user.avatar = image_store(file=picture(colour=(9, 9, 9)), purpose="avatar", owner=user)
        user.save()
        for formats in user.avatar.variants.values():
            for name in formats.values():
                default_storage.delete(name)
        assert json.loads(unzipped(made(user)).read("index.json"))["files"] == []

    def test_no_hash_of_the_password(self) -> None:
        user = UserFactory.create()
        archive = unzipped(made(user))
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert b"argon2" not in everything
        assert user.password.encode() not in everything

    def test_the_stream_says_the_same(self) -> None:
        user, other = UserFactory.create(), UserFactory.create()
        document = json.loads(b"".join(export_json(user=user)))
        assert list(document["parts"]) == [part.name for part in export_parts()]
        assert document["parts"]["accounts/profile"][0]["username"] == user.username
        assert other.username not in json.dumps(document)


class TestLife:
    def test_it_is_told_when_ready_and_kept_for_a_week(self) -> None:
        user = UserFactory.create()
        export = made(user)
        assert export_state(export) == "ready"
        assert export.bytes == private_storage().size(export.file)
        assert export.expires_at is not None
        assert timedelta(days=6.9) < export.expires_at - timezone.now() <= timedelta(days=7)
        notices = RealtimeEvent.objects.filter(user=user, type="notification.created")
        assert [event.payload["kind"] for event in notices] == ["export_ready"]

    def test_progress_rises_with_the_parts(self) -> None:
        user = UserFactory.create()
        made(user)
        told = RealtimeEvent.objects.filter(user=user, type="job.updated").order_by("seq")
        steps = [event.payload["progress"] for event in told]
        stages = [event.payload["stage"] for event in told]
        assert steps == sorted(steps)
        assert steps[-1] == 100
        assert [part.name for part in export_parts()] == [s for s in dict.fromkeys(stages) if "/" in s]

    def test_the_new_one_replaces_the_old(self) -> None:
        user = UserFactory.create()
        first = made(user)
        second = made(user)
        assert [row.pk for row in DataExport.objects.all()] == [second.pk]
        assert files() == [second.file]
        assert first.file != second.file

    def test_nobody_else_on_the_machine_reads_it(self) -> None:
        export = made(UserFactory.create())
        path = Path(private_storage().path(export.file))
        assert [oct(p.stat().st_mode & 0o777) for p in (path, path.parent)] == ["0o600", "0o700"]
        assert len(path.stem.split("-")[1]) == 32
        with pytest.raises(ValueError, match="no address"):
            private_storage().url(export.file)

    def test_over_after_a_week(self) -> None:
        export = made(UserFactory.create())
        DataExport.objects.update(expires_at=timezone.now())
        export.refresh_from_db()
        assert export_state(export) == "expired"
        with pytest.raises(ExportExpired):
            export_open(export=export)
        assert exports_trim() == 1
        assert (files(), DataExport.objects.count()) == ([], 0)
        assert exports_trim() == 0

    def test_trimming_leaves_what_is_good_or_being_made(self) -> None:
        made(UserFactory.create())
        export_request(user=UserFactory.create())
        assert exports_trim() == 0

    def test_not_ready_and_failed(self) -> None:
        user = UserFactory.create()
        export = export_request(user=user)
        with pytest.raises(ExportNotReady):
            export_open(export=export)
        Job.objects.update(state=JobState.FAILED)
        export = DataExport.objects.select_related("job").get()
        assert export_state(export) == "failed"
        assert made(user).pk != export.pk, "a failed one does not stand in the way"
        assert DataExport.objects.count() == 1

    def test_a_lost_file_is_over(self) -> None:
        export = made(UserFactory.create())
        private_storage().delete(export.file)
        with pytest.raises(ExportExpired):
            export_open(export=export)


class TestOnce:
    def test_one_at_a_time(self) -> None:
        user = UserFactory.create()
        export = export_request(user=user)
        with pytest.raises(ExportExists) as refused:
            export_request(user=user)
        assert refused.value.extra == {"export_id": str(export.pk)}
        export_request(user=UserFactory.create())

    def test_asked_for_in_parallel(self) -> None:
        user = UserFactory.create()
        barrier, won, lost = threading.Barrier(6), [], []

        def ask() -> None:
            barrier.wait()
            try:
                won.append(str(export_request(user=user).pk))
            except ExportExists as error:
                lost.append(error.extra["export_id"])
            finally:
                connection.close()

        _all_at_once([ask] * 6)
        assert (len(won), lost) == (1, won * 5)
        assert DataExport.objects.count() == 1
        assert Job.objects.filter(kind="accounts.export").count() == 1

    @pytest.mark.parametrize("moment", ["making", "stored", "finished"])
    def test_a_worker_that_dies_leaves_no_file_and_it_is_finished_once(
        self, moment: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = UserFactory.create()
        export = export_request(user=user)

        class Killed(BaseException):
            """As SIGKILL: nothing after it runs."""

        honest: Callable[..., int] = exports.export_zip

        def zip_dies(**arguments: Any) -> int:
            if moment == "stored":
                honest(**arguments)
            raise Killed

        def delete_dies(**arguments: Any) -> int:
            raise Killed

        with monkeypatch.context() as patched:
            if moment == "finished":
                patched.setattr(exports, "exports_delete", delete_dies)
            else:
                patched.setattr(exports, "export_zip", zip_dies)
            with pytest.raises(Killed):
                job_run(job_id=export.job_id)
        assert Job.objects.get(pk=export.job_id).state == JobState.RUNNING
        left = files()

        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert jobs_sweep() == 1
        job = job_run(job_id=export.job_id)
        assert job is not None
        assert job.state == JobState.DONE
        export.refresh_from_db()
        assert export_state(export) == "ready"
        assert files() == [export.file]
        assert (left == files()) is (moment == "finished")
        assert RealtimeEvent.objects.filter(type="notification.created").count() == 1

    def test_a_worker_that_lost_its_lease_takes_its_file_along(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Slow, not dead: another worker took over, both come to the end."""
        export = export_request(user=UserFactory.create())
        assert export.job_id
        honest: Callable[..., int] = exports.export_zip

        def slow(**arguments: Any) -> int:
            size = honest(**arguments)
            with monkeypatch.context() as patched:
                patched.setattr(exports, "export_zip", honest)
                Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
                job_run(job_id=export.job_id)
            return size

        monkeypatch.setattr(exports, "export_zip", slow)
        assert job_run(job_id=export.job_id) is None
        export.refresh_from_db()
        assert files() == [export.file]
        assert export_state(export) == "ready"
        assert RealtimeEvent.objects.filter(type="notification.created").count() == 1

    def test_whose_person_goes_meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        export = export_request(user=UserFactory.create())
        honest: Callable[..., int] = exports.export_zip

        def erased(**arguments: Any) -> int:
            size = honest(**arguments)
            exports.exports_delete(exports=DataExport.objects.all())
            Job.objects.all().delete()
            return size

        monkeypatch.setattr(exports, "export_zip", erased)
        assert job_run(job_id=export.job_id) is None
        assert files() == []


def _all_at_once(calls: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
