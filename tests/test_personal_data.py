"""What every app knows about people is exported and erased: no model that belongs to a person is forgotten."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.test.utils import isolate_apps

from core.personal_data import Registry, export_parts, registry
from core.personal_models import personal_models


def _all_models() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def forgotten(all_models: list[type[models.Model]], of: Registry = registry) -> list[str]:
    """What neither a part nor an exemption speaks of, with why it belongs to a person."""
    found = personal_models(all_models)
    return [
        f"{label} ({why}) is not covered by the {side}"
        for label, why in sorted(found.items())
        for side in ("export", "erasure")
        if label not in of.covered(side)
    ]


def test_no_model_of_a_person_is_forgotten() -> None:
    missing = forgotten(_all_models())
    assert not missing, (
        "say in the app's personal_data.py how it is exported and erased (core.personal_data), or exempt it with a reason:\n"
        + "\n".join(missing)
    )


def test_the_walk_sees_what_it_has_to() -> None:
    found = set(personal_models(_all_models()))
    expected = {
        "account.emailaddress",
        "account.emailconfirmation",
        "socialaccount.socialaccount",
        "socialaccount.socialtoken",
        "mfa.authenticator",
        "admin.logentry",
        "sessions.session",
        "core.job",
        "core.realtimeevent",
        "core.realtimesequence",
        "core.storedimage",
        "accounts.refreshtoken",
        "accounts.pushticket",
        "accounts.usersession",
        "catalog.timecode",
        "catalog.fieldprovenance",
        "catalog.rating",
        "lists.listentry",
        "lists.watchprogress",
    }
    assert expected <= found
    assert not found & {"catalog.anime", "catalog.episode", "auth.permission", "contenttypes.contenttype"}


def test_what_is_named_exists() -> None:
    """A part for a model that was renamed or removed would cover nothing."""
    known = {model._meta.label_lower for model in _all_models()}
    named = registry.covered("export") | registry.covered("erasure")
    assert named - known == set()
    assert all(reason for reason in registry.exempt_models.values())


def test_nothing_is_both_covered_and_exempt() -> None:
    for side, parts in (("export", registry.exports), ("erasure", registry.erasures)):
        named = {model for part in parts.values() for model in part.models}
        assert named & {model for model, of in registry.exempt_models if of == side} == set()


@pytest.fixture
def later_models() -> Iterator[list[type[models.Model]]]:
    """Models of an app of tomorrow: each holds something of a person in another way."""
    with isolate_apps("lists"):

        class ForeignKey(models.Model):
            writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)

            class Meta:
                app_label = "lists"

            def __str__(self) -> str:
                return ""

        class OneToOne(models.Model):
            one = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)

            class Meta:
                app_label = "lists"

            def __str__(self) -> str:
                return ""

        class Many(models.Model):
            readers = models.ManyToManyField(settings.AUTH_USER_MODEL)

            class Meta:
                app_label = "lists"

            def __str__(self) -> str:
                return ""

        class PlainId(models.Model):
            actor_id = models.UUIDField()

            class Meta:
                app_label = "lists"

            def __str__(self) -> str:
                return ""

        class PlainName(models.Model):
            changed_by = models.UUIDField()

            class Meta:
                app_label = "lists"

            def __str__(self) -> str:
                return ""

        class TextId(models.Model):
            author_id = models.CharField(max_length=36)

            class Meta:
                app_label = "lists"

            def __str__(self) -> str:
                return ""

        class Address(models.Model):
            seen_from = models.GenericIPAddressField()

            class Meta:
                app_label = "lists"

            def __str__(self) -> str:
                return ""

        class Child(models.Model):
            of = models.ForeignKey(ForeignKey, models.CASCADE)

            class Meta:
                app_label = "lists"

            def __str__(self) -> str:
                return ""

        class Harmless(models.Model):
            translation_id = models.CharField(max_length=64)
            number = models.IntegerField()

            class Meta:
                app_label = "lists"

            def __str__(self) -> str:
                return ""

        through = Many._meta.get_field("readers").remote_field.through
        found = [ForeignKey, OneToOne, Many, PlainId, PlainName, TextId, Address, Child, Harmless, through]
        for model in found:
            for field in model._meta.local_fields:
                if field.remote_field and field.remote_field.model == settings.AUTH_USER_MODEL:
                    field.remote_field.model = get_user_model()
        for field in Many._meta.local_many_to_many:
            field.remote_field.model = get_user_model()
        yield found


def test_a_model_of_tomorrow_is_noticed(later_models: list[type[models.Model]]) -> None:
    missing = forgotten([*_all_models(), *later_models])
    names = {line.split()[0] for line in missing}
    assert names == {f"lists.{model._meta.model_name}" for model in later_models} - {"lists.harmless"}
    assert len(missing) == 2 * len(names), "both sides have to be covered"


def test_a_model_covered_on_one_side_only_is_noticed(later_models: list[type[models.Model]]) -> None:
    later = Registry(exempt_models={("lists.plainid", "export"): "a reason"})
    model = next(model for model in later_models if model.__name__ == "PlainId")
    assert [line.rsplit(maxsplit=1)[1] for line in forgotten([model], later)] == ["erasure"]


def test_names_of_parts_are_paths_of_files() -> None:
    """They become files of a ZIP that people unpack on any system."""
    names = [part.name for part in export_parts()]
    assert names
    assert all(len(name.split("/")) == 2 and name.replace("/", "").replace("-", "").isalpha() for name in names)
    assert all(name == name.lower() for name in names)
