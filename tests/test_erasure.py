"""A person is erased: nothing of them is left in the database, its file, the storages, and the row that stays is anonymous."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from accounts.events import UserErased
from accounts.models import AccountDeletion, User
from accounts.services.erasing import KIND, erasures_enqueue
from accounts.services.exports import export_request, private_storage
from accounts.tests.factories import UserFactory
from core import events
from core.jobs.services import job_run, jobs_sweep
from core.media.images import image_files
from core.models import Job, JobState, StoredImage
from core.personal_data import erase_parts
from core.personal_models import personal_models
from tests.permissions.snapshots import table_contents
from tests.privacy_person import MARKS, due, person_known

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.either]


def dump() -> str:
    """Every row of every table as text, with what site sessions hold."""
    sessions = [row.get_decoded() for row in Session.objects.all()]
    tables = table_contents(sorted(connection.introspection.table_names()))
    return json.dumps([tables, sessions], default=str, ensure_ascii=False)


def marks_in(text: str) -> list[str]:
    """Which words of the person stand in it, in any case; as base64 too, which hides nothing."""
    folded = text.lower()
    found = [name for name, word in MARKS.items() if word.lower() in folded]
    encoded = {name: base64.b64encode(word.encode()).decode().rstrip("=")[:-2] for name, word in MARKS.items()}
    return found + [f"{name} (base64)" for name, word in encoded.items() if word in text]


def erase(user: User) -> Job:
    """What the hourly task and a worker do."""
    assert erasures_enqueue() == 1
    job = Job.objects.get(kind=KIND, unique_key=str(user.pk), state=JobState.QUEUED)
    done = job_run(job_id=job.pk)
    assert done is not None
    return done


def stored_files(storage: Any) -> set[str]:
    root = Path(storage.location)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_the_person_of_these_tests_is_known_everywhere() -> None:
    """A new model of a person gets a row in `tests/privacy_person.py`, else the tests below prove nothing about it."""
    user = person_known()
    export_request(user=user)
    found = personal_models(apps.get_models(include_auto_created=True))
    empty = [label for label in found if not apps.get_model(label)._default_manager.exists()]
    assert empty == []
    assert marks_in(dump()) == list(MARKS)


def test_nothing_is_left() -> None:
    bystander = UserFactory.create(username="bystander", bio="stays")
    others = stored_files(private_storage())
    user = person_known()
    brought = stored_files(private_storage())
    export = export_request(user=user)
    assert export.job_id
    job_run(job_id=export.job_id)
    avatar = StoredImage.objects.get(purpose="avatar")
    pictures = image_files(avatar)
    assert len(stored_files(private_storage()) - brought) == 1
    assert all(default_storage.exists(name) for name in pictures)
    due(user)

    heard: list[UserErased] = []
    events.subscribe(UserErased)(heard.append)
    try:
        job = erase(user)
    finally:
        events._subscribers[UserErased].remove(heard.append)

    assert (job.state, job.result) == (JobState.DONE, {"erased": True})
    assert heard == [UserErased(user_id=user.pk)]
    assert marks_in(dump()) == []
    assert stored_files(private_storage()) == others
    assert not any(default_storage.exists(name) for name in pictures)
    assert not StoredImage.objects.filter(owner=user).exists()
    assert User.objects.get(pk=bystander.pk).bio == "stays"


def test_only_proof_of_the_deletion_points_at_the_person() -> None:
    """By construction over every model: no key of any kind leads to the erased account but what was exempted."""
    user = person_known()
    due(user)
    erase(user)
    left = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if field.related_model is User and model._default_manager.filter(**{field.name: user.pk}).exists():
                left.append(f"{model._meta.label}.{field.name}")
    # The staff's log keeps who acted, under the anonymous name.
    assert sorted(left) == ["accounts.AccountDeletion.user", "admin.LogEntry.user"]
    assert AccountDeletion.objects.filter(user=user, erased_at__isnull=False).count() == 1


def test_the_row_that_stays_is_anonymous() -> None:
    user = person_known()
    due(user)
    erase(user)
    row = User.objects.get(pk=user.pk)
    assert row.username == f"deleted_{user.pk.hex[-22:]}"
    assert len(row.username) == 30
    assert row.email == f"{user.pk.hex}@deleted.invalid"
    assert not row.has_usable_password()
    assert (row.is_active, row.role) == (False, "user")
    assert row.erased_at is not None
    fresh = User(username="", email="")
    kept = {"id", "username", "email", "password", "is_active", "date_joined", "deletion_due_at", "erased_at"}
    different = [
        field.name
        for field in User._meta.concrete_fields
        if field.name not in kept and getattr(row, field.attname) != getattr(fresh, field.attname)
    ]
    assert different == []
    for name in ("bio", "display_name", "birth_date", "last_login", "last_seen_at", "avatar_id", "search_name"):
        assert not getattr(row, name)


def test_nobody_stands_in_the_way_by_taking_the_anonymous_names() -> None:
    """Ids are public, so what an erased account will be called is known before."""
    user = person_known()
    UserFactory.create(username=f"deleted_{user.pk.hex[-22:]}", email=f"{user.pk.hex}@deleted.invalid")
    due(user)
    assert erase(user).state == JobState.DONE
    row = User.objects.get(pk=user.pk)
    assert row.username.startswith("deleted_")
    assert row.email.endswith("@deleted.invalid")


def test_the_admins_log_keeps_its_lines_without_the_name() -> None:
    user = person_known()
    before = LogEntry.objects.count()
    due(user)
    erase(user)
    anonymous = f"deleted_{user.pk.hex[-22:]}"
    assert LogEntry.objects.count() == before
    texts = list(LogEntry.objects.order_by("pk").values_list("object_repr", "change_message"))
    assert texts[:3] == [(anonymous, ""), (anonymous, ""), ("keeper", "")]
    assert texts[3] == ("keeper", f"wrote to {anonymous} and {anonymous}.")


def test_the_admins_log_keeps_names_that_only_begin_alike() -> None:
    user = UserFactory.create(username="Zanzibar")
    staff = UserFactory.create(role="admin")
    LogEntry.objects.create(user=staff, object_repr="Zanzibar_2", action_flag=2, change_message="of zanzibar.")
    due(user)
    erase(user)
    assert LogEntry.objects.values_list("object_repr", "change_message").get() == (
        "Zanzibar_2",
        f"of deleted_{user.pk.hex[-22:]}.",
    )


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the bytes of SQLite's file")
def test_the_file_of_the_database_holds_nothing() -> None:
    user = person_known()
    due(user)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = Path(connection.settings_dict["NAME"])

    def seen() -> list[str]:
        data = b"".join(
            path.read_bytes() for path in (file, file.with_name(file.name + "-wal")) if path.exists()
        ).lower()
        return [name for name, word in MARKS.items() if word.lower().encode() in data]

    assert set(seen()) == set(MARKS)
    erase(user)
    connection.close()
    assert seen() == [], "overwritten while erasing, without a VACUUM"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    connection.close()
    assert seen() == []


@pytest.mark.parametrize("killed_in", range(0, len(erase_parts()), 3))
def test_killed_in_the_middle_it_goes_on(killed_in: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies leaves a lease; once it is over the sweeper's message starts the job again, and it ends once."""
    user = person_known()
    due(user)
    from accounts.services import erasing

    class Killed(BaseException):
        """As SIGKILL: nothing after it runs."""

    honest: Callable[..., None] = erasing._part_run

    def die(part: Any, *rest: Any) -> None:
        if part is erase_parts()[killed_in]:
            raise Killed
        honest(part, *rest)

    monkeypatch.setattr(erasing, "_part_run", die)
    erasures_enqueue()
    job = Job.objects.get(kind=KIND, unique_key=str(user.pk))
    with pytest.raises(Killed):
        job_run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert User.objects.get(pk=user.pk).erased_at is None

    monkeypatch.setattr(erasing, "_part_run", honest)
    assert job_run(job_id=job.pk) is None, "the lease of the dead worker still holds"
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs_sweep() >= 1
    done = job_run(job_id=job.pk)
    assert done is not None
    assert done.state == JobState.DONE
    assert marks_in(dump()) == []


def test_what_a_late_request_writes_goes_with_the_second_pass() -> None:
    user = person_known()
    due(user)
    erase(user)
    from lists.models import ListEntry

    anime = apps.get_model("catalog.Anime").objects.get()
    ListEntry.objects.create(user=user, anime=anime, status="planned")  # it had signed in before the end
    again = Job.objects.get(kind=KIND, unique_key=f"{user.pk} again")
    assert again.run_after is not None
    assert again.run_after > timezone.now() + timedelta(minutes=55)
    Job.objects.filter(pk=again.pk).update(run_after=None)
    done = job_run(job_id=again.pk)
    assert done is not None
    assert done.result == {"erased": True}
    assert not ListEntry.objects.filter(user=user).exists()
    assert Job.objects.filter(kind=KIND, state=JobState.QUEUED).count() == 0


def test_a_picture_that_two_people_show_stays_for_the_other() -> None:
    user = person_known()
    other = UserFactory.create(avatar_id=user.avatar_id)
    due(user)
    erase(user)
    other.refresh_from_db()
    image = StoredImage.objects.get(pk=other.avatar_id)
    assert image.owner_id is None
    assert all(default_storage.exists(name) for name in image_files(image))


def test_who_cancelled_in_time_is_not_erased() -> None:
    user = person_known()
    due(user)
    erasures_enqueue()
    User.objects.filter(pk=user.pk).update(deletion_due_at=None)
    job = job_run(job_id=Job.objects.get(kind=KIND).pk)
    assert job is not None
    assert job.result == {"erased": False}
    assert User.objects.get(pk=user.pk).username == MARKS["username"]


def test_one_job_a_person() -> None:
    user = UserFactory.create()
    due(user)
    assert (erasures_enqueue(), erasures_enqueue()) == (1, 0)
    Job.objects.filter(kind=KIND).update(state=JobState.FAILED)
    assert erasures_enqueue() == 1, "one that failed for good gets a successor"
