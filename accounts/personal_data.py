"""What accounts know about a person. Hashes, sealed values and tokens are erased, but never exported."""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from accounts import personal_third_party  # noqa: F401  (registers what Django and allauth keep)
from accounts.models import (
    AccountDeletion,
    ApiKey,
    DataExport,
    EmailCode,
    KnownDevice,
    NoticeSetting,
    OAuthGrant,
    PushDevice,
    RecoveryCode,
    SignInChallenge,
    TotpDevice,
    User,
    UserSession,
)
from accounts.services.exports import exports_delete
from core.models import StoredImage
from core.personal_data import (
    EARLY,
    FIRST,
    LATE,
    ExportFile,
    Row,
    erase_part,
    exempt,
    export_files,
    export_part,
    rows_of,
)
from core.personal_parts import picture_release

_UNSAID = frozenset({"password", "is_lookalike", "search_name"})  # a hash, and what is made of the names

exempt("accounts.RefreshToken", of="export", reason="Nothing but a hash; its session is exported.")
exempt("accounts.RefreshToken", of="erasure", reason="Dies with its UserSession by cascade.")
exempt("accounts.PushTicket", of="export", reason="A receipt of Expo, kept for a day; the device is exported.")
exempt("accounts.PushTicket", of="erasure", reason="Dies with its PushDevice by cascade.")
exempt("accounts.OAuthGrant", of="export", reason="Nothing but hashes, for minutes.")
exempt("accounts.SignInChallenge", of="export", reason="Nothing but a hash, for minutes.")
exempt(
    "accounts.RecoveryCode", of="export", reason="Nothing but hashes; that two-factor is on is in accounts/security."
)
exempt(
    "accounts.AccountDeletion",
    of="erasure",
    reason="Proof that the wish was done: times and the id of an account that is anonymous.",
)


@export_part("accounts/profile", label=_("Your profile, preferences and privacy choices"), models=["accounts.User"])
def profile(user: User) -> Iterator[Row]:
    """Every column, those of later migrations included, but hashes and what is derived from others."""
    names = [field.attname for field in User._meta.concrete_fields if field.name not in _UNSAID]
    return rows_of(User.objects.filter(pk=user.pk), *names)


@export_files("accounts/avatar")
def avatar_files(user: User) -> Iterator[ExportFile]:
    """The avatar in its largest variants, one a format."""
    image = StoredImage.objects.filter(pk=user.avatar_id).first() if user.avatar_id else None
    if image is None or not image.variants:
        return
    width = max(image.variants, key=int)
    for kind, name in sorted(image.variants[width].items()):
        yield ExportFile(f"avatar/{width}.{kind}", default_storage, name)


@erase_part("accounts/avatar", models=["core.StoredImage"])
def avatar_erase(user: User) -> None:
    """Unless somebody else shows the very same picture: then only who sent it is forgotten."""
    image = StoredImage.objects.filter(pk__in=User.objects.filter(pk=user.pk).values("avatar_id")).first()
    User.objects.filter(pk=user.pk).update(avatar=None)
    if image is not None and image.owner_id in (None, user.pk):
        picture_release(image)


@export_part("accounts/sessions", label=_("Where you are signed in"), models=["accounts.UserSession"])
def sessions(user: User) -> Iterator[Row]:
    fields = ("id", "kind", "device", "address", "created_at", "last_seen_at", "expires_at", "revoked_at")
    return rows_of(UserSession.objects.filter(user=user), *fields, "revoke_reason")


@erase_part("accounts/sessions", models=["accounts.UserSession"], order=EARLY + 10)
def sessions_erase(user: User) -> None:
    UserSession.objects.filter(user=user).delete()


@export_part("accounts/devices", label=_("Devices that know you"), models=["accounts.KnownDevice"])
def devices(user: User) -> Iterator[Row]:
    return rows_of(KnownDevice.objects.filter(user=user), "id", "device", "created_at", "last_used_at")


@erase_part("accounts/devices", models=["accounts.KnownDevice"])
def devices_erase(user: User) -> None:
    KnownDevice.objects.filter(user=user).delete()


@export_part("accounts/push-devices", label=_("Devices that get push messages"), models=["accounts.PushDevice"])
def push_devices(user: User) -> Iterator[Row]:
    """Without their addresses: whoever holds one can send to the device."""
    fields = ("id", "kind", "platform", "name", "created_at", "last_seen_at", "failures")
    return rows_of(PushDevice.objects.filter(user=user), *fields)


@erase_part("accounts/push-devices", models=["accounts.PushDevice"], order=FIRST)
def push_devices_erase(user: User) -> None:
    PushDevice.objects.filter(user=user).delete()


@export_part("accounts/notices", label=_("How you want to be told of things"), models=["accounts.NoticeSetting"])
def notices(user: User) -> Iterator[Row]:
    return rows_of(NoticeSetting.objects.filter(user=user), "kind", "by_site", "by_push", "by_email")


@erase_part("accounts/notices", models=["accounts.NoticeSetting"])
def notices_erase(user: User) -> None:
    NoticeSetting.objects.filter(user=user).delete()


@export_part("accounts/api-keys", label=_("Your API keys, without the keys themselves"), models=["accounts.ApiKey"])
def api_keys(user: User) -> Iterator[Row]:
    fields = ("id", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at")
    return rows_of(ApiKey.objects.filter(user=user), *fields)


@erase_part("accounts/api-keys", models=["accounts.ApiKey"], order=FIRST)
def api_keys_erase(user: User) -> None:
    ApiKey.objects.filter(user=user).delete()


@export_part("accounts/security", label=_("Your authenticator app: since when"), models=["accounts.TotpDevice"])
def security(user: User) -> Iterator[Row]:
    return rows_of(TotpDevice.objects.filter(user=user), "created_at", "confirmed_at")


@erase_part(
    "accounts/security",
    models=["accounts.TotpDevice", "accounts.RecoveryCode", "accounts.SignInChallenge", "accounts.OAuthGrant"],
    order=FIRST,
)
def security_erase(user: User) -> None:
    for model in (TotpDevice, RecoveryCode, SignInChallenge, OAuthGrant):
        model.objects.filter(user=user).delete()


@export_part("accounts/email-codes", label=_("Codes mailed to you: when and why"), models=["accounts.EmailCode"])
def email_codes(user: User) -> Iterator[Row]:
    fields = ("purpose", "email", "created_at", "expires_at", "used_at")
    return rows_of(EmailCode.objects.filter(user=user), *fields)


@erase_part("accounts/email-codes", models=["accounts.EmailCode"], order=FIRST)
def email_codes_erase(user: User) -> None:
    EmailCode.objects.filter(user=user).delete()


@export_part("accounts/exports", label=_("Copies of your data that you asked for"), models=["accounts.DataExport"])
def exports(user: User) -> Iterator[Row]:
    fields = ("id", "bytes", "created_at", "finished_at", "expires_at")
    return rows_of(DataExport.objects.filter(user=user), *fields)


@erase_part("accounts/exports", models=["accounts.DataExport"], order=LATE)
def exports_erase(user: User) -> None:
    exports_delete(exports=DataExport.objects.filter(user=user))


@export_part("accounts/deletions", label=_("When you asked to be deleted"), models=["accounts.AccountDeletion"])
def deletions(user: User) -> Iterator[Row]:
    fields = ("requested_at", "confirmed_at", "due_at", "cancelled_at")
    return rows_of(AccountDeletion.objects.filter(user=user), *fields)
