"""A person about whom every app knows something, with words that nobody else has: for tests of export and erasure."""

import uuid
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import (
    AccountDeletion,
    ApiKey,
    EmailCode,
    KnownDevice,
    NoticeSetting,
    OAuthGrant,
    PushDevice,
    PushTicket,
    RecoveryCode,
    SignInChallenge,
    TotpDevice,
    User,
)
from accounts.services.mails import mail_send
from accounts.services.notices import notice_send
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from catalog.models import FieldProvenance, Rating, Timecode
from catalog.tests.factories import AnimeFactory
from core.jobs import job_enqueue
from core.media.images import image_store
from core.models import StoredImage
from core.realtime import realtime_publish
from core.secrets import secret_seal, token_hash
from core.tests.media.pictures import picture
from tests.privacy_downloads import downloads_of
from tests.privacy_lists import lists_of
from tests.privacy_providers import providers_of
from tests.privacy_social import social_of

ADDRESS = "203.0.113.77"
MARKS = {
    "username": "Zanzibar_q7",
    "email": "zanzibar.q7@mail.example",
    "display name": "Quartz of Zanzibar",
    "bio": "collects basalt columns",
    "address": ADDRESS,
    "device": "QuartzPhone 9",
    "second address": "basalt.q7@mail.example",
    "name elsewhere": "quartz-uid-55",
    "passkey": "QuartzKey",
    "key": "QuartzScript",
    "birthday": "1991-02-03",
    "notes": "zeolite in every episode",
}
SECRETS = {
    "api key's hash": token_hash("hk_of_zanzibar"),
    "device's hash": token_hash("known device of zanzibar"),
    "push address' hash": token_hash("ExponentPushToken[zanzibar]"),
    "recovery code's hash": token_hash("a recovery code of zanzibar"),
    "provider's token": "provider-token-of-zanzibar",
    "passkey's credential": "credential-of-zanzibar",
    "confirmation key": "confirmation-key-of-zanzibar",
}


def person_known() -> User:
    """One row at least in every model that belongs to a person."""
    user = UserFactory.create(
        username=MARKS["username"],
        email=MARKS["email"],
        display_name=MARKS["display name"],
        bio=MARKS["bio"],
        birth_date=date(1991, 2, 3),
        shows_adult=True,
        auto_play=False,
        title_language="native",
        profile_visibility="friends",
        is_verified=True,
    )
    _accounts(user)
    _third_party(user)
    anime = AnimeFactory.create()
    Rating.objects.create(user=user, anime=anime, score=77)
    Timecode.objects.create(anime=anime, episode_number=1, intro_start=1, intro_end=90, updated_by=user)
    FieldProvenance.objects.create(anime=anime, field="title", source="staff", is_locked=True, set_by=user)
    lists_of(user, anime, words=MARKS["notes"])
    social_of(user, anime, words=MARKS["notes"])
    downloads_of(user, anime)
    providers_of(user, anime)
    user.avatar = image_store(file=picture(colour=(1, 77, 99)), purpose="avatar", owner=user)
    user.save(update_fields=["avatar"])
    StoredImage.objects.create(purpose="poster", sha256="f" * 64, width=1, height=1, bytes=1, owner=user)
    job_enqueue(kind="test.of-a-person", payload={"words": MARKS["bio"]}, owner_id=user.pk)
    with transaction.atomic():
        realtime_publish(user_ids=[user.pk], type="test", payload={"device": MARKS["device"]})
    return user


def _accounts(user: User) -> None:
    now = timezone.now()
    session_start(user=user, device=MARKS["device"], address=ADDRESS)
    KnownDevice.objects.create(user=user, token_hash=SECRETS["device's hash"], device=MARKS["device"])
    device = PushDevice.objects.create(
        user=user,
        kind="expo",
        name=MARKS["device"],
        address=secret_seal("ExponentPushToken[zanzibar]", purpose="push"),
        address_hash=SECRETS["push address' hash"],
    )
    PushTicket.objects.create(device=device, ticket="ticket-of-zanzibar")
    NoticeSetting.objects.create(user=user, kind="new_sign_in", by_push=True)
    ApiKey.objects.create(user=user, name=MARKS["key"], prefix="hk_zanz", key_hash=SECRETS["api key's hash"])
    TotpDevice.objects.create(user=user, secret=secret_seal("TOTPSECRET", purpose="totp"), confirmed_at=now)
    RecoveryCode.objects.create(user=user, code_hash=SECRETS["recovery code's hash"])
    SignInChallenge.objects.create(user=user, token_hash=token_hash("challenge"), expires_at=now)
    OAuthGrant.objects.create(user=user, code_hash=token_hash("grant"), redirect_uri="anilay://x", expires_at=now)
    EmailCode.objects.create(
        user=user, purpose="verify", email=MARKS["second address"], code_hash=token_hash("code"), expires_at=now
    )
    AccountDeletion.objects.create(user=user, cancelled_at=now)
    with transaction.atomic():
        notice_send(user=user, kind="new_sign_in", context={"device": MARKS["device"], "address": ADDRESS})
        mail_send(to=user.email, template="notice_new_sign_in", context={"device": MARKS["device"], "address": ADDRESS})


def _third_party(user: User) -> None:
    address = EmailAddress.objects.create(user=user, email=MARKS["second address"])
    EmailConfirmation.objects.create(email_address=address, key=SECRETS["confirmation key"], sent=timezone.now())
    account = SocialAccount.objects.create(
        user=user, provider="discord", uid=MARKS["name elsewhere"], extra_data={"email": MARKS["email"]}
    )
    app = SocialApp.objects.create(provider="discord", name="Discord", client_id="x", secret="y")
    SocialToken.objects.create(account=account, app=app, token=SECRETS["provider's token"])
    data: dict[str, Any] = {"name": MARKS["passkey"], "credential": {"id": SECRETS["passkey's credential"]}}
    Authenticator.objects.create(user=user, type="webauthn", data=data)
    Client().force_login(user)
    _log_entries(user)


def _log_entries(user: User) -> None:
    """What the admin writes: about the person, about a row of theirs, by them, and one that only mentions them."""
    staff = UserFactory.create(username="keeper", email="keeper@example.org", role="admin")
    of_users = ContentType.objects.get_for_model(User)
    of_sessions = ContentType.objects.get(app_label="accounts", model="usersession")
    LogEntry.objects.create(
        user=staff,
        content_type=of_users,
        object_id=str(user.pk),
        object_repr=user.username,
        action_flag=CHANGE,
        change_message=f'[{{"changed": {{"name": "{user.display_name}"}}}}]',
    )
    LogEntry.objects.create(
        user=staff,
        content_type=of_sessions,
        object_id=str(uuid.uuid4()),
        object_repr=f"{user.pk} · {MARKS['device']}",
        action_flag=CHANGE,
        change_message="[]",
    )
    LogEntry.objects.create(
        user=user, content_type=of_users, object_id=str(staff.pk), object_repr="keeper", action_flag=CHANGE
    )
    LogEntry.objects.create(
        user=staff,
        content_type=of_users,
        object_id=str(staff.pk),
        object_repr="keeper",
        action_flag=CHANGE,
        change_message=f"wrote to {user.email.upper()} and {user.username}.",
    )


def due(user: User) -> AccountDeletion:
    """The days of grace are over."""
    past = timezone.now() - timedelta(minutes=1)
    User.objects.filter(pk=user.pk).update(deletion_due_at=past)
    return AccountDeletion.objects.create(user=user, confirmed_at=past - timedelta(days=7), due_at=past)
