"""Which models belong to a person: what the registry of personal data has to speak of."""

import re
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

_PEOPLE = (
    "user|owner|actor|author|editor|creator|member|sender|recipient|receiver|person|people|friend|moderator|reporter|"
    "buyer|seller|viewer|host|guest|inviter|invitee|assignee|uploader|reviewer|staff|admin|created_by|updated_by|set_by"
)
_KEY_NAME = re.compile(rf"(?:.*_)?(?:{_PEOPLE})(?:_ids?|_uuids?|_pk)")
_UUID_NAME = re.compile(rf"(?:.*_)?(?:{_PEOPLE})|.*_by")


def personal_models(all_models: Iterable[type[models.Model]]) -> dict[str, str]:
    """{label in lower case: why} of every model that holds something of a person.

    That is: a relation to the user model (through tables of many-to-many too); a plain column that is named like a
    person's id; an address of mail or network; a session store; a generic relation, which may point at a person; and
    what hangs on such rows by a cascading key, because it comes and goes with the person.
    """
    wanted = [model for model in all_models if not model._meta.proxy and not model._meta.abstract]
    found = {model._meta.label_lower: why for model in wanted if (why := _own_reason(model))}
    owned = {get_user_model()} | {model for model in wanted if _cascades_from(model, {get_user_model()})}
    while more := {model for model in wanted if model not in owned and _cascades_from(model, owned)}:
        found.update({model._meta.label_lower: "goes with rows of a person" for model in more - {get_user_model()}})
        owned |= more
    return {label: why for label, why in found.items() if label != get_user_model()._meta.label_lower}


def _own_reason(model: type[models.Model]) -> str:
    if issubclass(model, AbstractBaseSession):
        return "a session store"
    for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
        related = field.related_model
        if isinstance(related, type) and issubclass(get_user_model(), related):
            return f"{field.name} points at the user"
        if related is None and _is_key(field):
            return f"{field.name} is named like a person's id"
        if isinstance(field, models.GenericIPAddressField | models.EmailField):
            return f"{field.name} is an address"
    names = {field.name for field in model._meta.local_fields}
    has_type = any(field.related_model is ContentType for field in model._meta.local_fields)
    return "a generic relation may point at a person" if has_type and "object_id" in names else ""


def _is_key(field: models.Field) -> bool:
    if isinstance(field, models.UUIDField):
        return bool(_KEY_NAME.fullmatch(field.name) or _UUID_NAME.fullmatch(field.name))
    is_number_or_text = isinstance(field, models.CharField | models.TextField | models.IntegerField | models.JSONField)
    return is_number_or_text and bool(_KEY_NAME.fullmatch(field.name))


def _cascades_from(model: type[models.Model], owners: set[type[models.Model]]) -> bool:
    return any(
        field.related_model in owners and getattr(field.remote_field, "on_delete", None) is models.CASCADE
        for field in model._meta.local_fields
    )
