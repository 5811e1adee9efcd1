"""What people say of themselves and how they want things: profile, preferences, privacy, the first-login setup."""

from collections.abc import Callable, Container
from datetime import date, timedelta
from typing import IO, Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts import validation
from accounts.errors import SetupCompleted
from accounts.held_names import name_hold
from accounts.lookalikes import skeleton_of
from accounts.models import User
from accounts.models.preferences import language_validator
from accounts.permissions import can_moderate
from accounts.services.avatars import avatar_abandon, avatar_prepare, avatar_remove, avatar_set
from accounts.services.mutes import muted_row_check
from accounts.visibility import Visibility
from core.errors import PermissionDenied, Text, ValidationFailed

ADULT_AGE = 18  # years
OLDEST = 130  # years
RENAME_PAUSE = timedelta(days=14)

Problems = dict[str, list[Text]]


class ProfileChanges(TypedDict, total=False):
    """Every field that people change themselves; those left out stay as they are."""

    username: str
    display_name: str
    bio: str
    birth_date: date | None
    shows_adult: bool
    title_language: str
    auto_play: bool
    auto_next: bool
    auto_skip_opening: bool
    auto_skip_ending: bool
    default_language: str
    shows_comments: bool
    profile_visibility: str
    activity_visibility: str
    online_status_visibility: str
    avatar: IO[bytes] | None


CHANGEABLE = frozenset(ProfileChanges.__annotations__) - {"avatar"}
SAID = ("username", "display_name", "bio")
"""What others read: a muted person keeps it, may empty it and puts no other words there."""
PLAYER_FIELDS = (
    "auto_play",
    "auto_next",
    "auto_skip_opening",
    "auto_skip_ending",
    "default_language",
    "shows_comments",
)
PRIVACY_FIELDS = ("profile_visibility", "activity_visibility", "online_status_visibility")


def age_on(birth_date: date, today: date) -> int:
    """Whole years between the two dates."""
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))


def rename_allowed_from(user: User) -> date | None:
    """The day from which `user` may take another name; None when they may today."""
    if user.username_changed_at is None:
        return None
    day = user.username_changed_at + RENAME_PAUSE
    return None if day <= timezone.now() else day.date()


def profile_update(*, user: User, **changes: Unpack[ProfileChanges]) -> User:
    """Save the given fields of `user`. Raises `ValidationFailed` with the messages of every field that is not right.

    Adult titles need a date of birth at least 18 years ago. A new username (another case of the same letters counts too)
    may be taken once in 14 days, and nobody takes the old one during them. `Muted` (403) for other names or another bio of
    a muted person: they stand beside all that was ever written, so changing them would be posting.
    """
    return _saved(user, changes, is_setup=False)


def setup_complete(*, user: User, **changes: Unpack[ProfileChanges]) -> User:
    """The first-login onboarding, once: what `profile_update` saves, and the pick of a username without its pause.

    Raises `SetupCompleted` the second time; of two calls at once one wins.
    """
    return _saved(user, changes, is_setup=True)


def profile_correct(*, actor: User, user: User, **changes: Unpack[ProfileChanges]) -> User:
    """Staff put a name or a text of somebody below them right, or of themselves: the same rules, without the pause.

    Raises `PermissionDenied` and `ValidationFailed`.
    """
    if actor.pk != user.pk and not can_moderate(actor.role, user.role):
        raise PermissionDenied()
    _row_save(user, dict(changes), is_setup=False, may_rename=True)
    return user


def _saved(user: User, changes: ProfileChanges, *, is_setup: bool) -> User:
    """The picture is decoded first and put in place last: a refusal of either leaves everything as it was."""
    values: dict[str, Any] = {name: value for name, value in changes.items() if name in CHANGEABLE}
    file = changes.get("avatar")
    data = None if file is None else avatar_prepare(user=user, file=file)
    try:
        _row_save(user, values, is_setup=is_setup)
    except BaseException:
        if data is not None:
            avatar_abandon(data=data)
        raise
    if data is not None:
        return avatar_set(user=user, data=data)
    return avatar_remove(user=user) if "avatar" in changes and user.avatar_id else user


def _row_save(user: User, values: dict[str, Any], *, is_setup: bool, may_rename: bool = False) -> None:
    names = list(values)
    try:
        with transaction.atomic():
            locked = User.objects.select_for_update().get(pk=user.pk)
            if is_setup and locked.setup_completed_at is not None:
                raise SetupCompleted()
            if not may_rename and any(values.get(name) and values[name] != getattr(locked, name) for name in SAID):
                muted_row_check(locked)
            if is_setup:
                locked.setup_completed_at = timezone.now()
                names.append("setup_completed_at")
            names += _applied(locked, values, may_rename=is_setup or may_rename)
            if names:
                locked.save(update_fields=names)
    except IntegrityError as error:
        # Somebody took the name between the look and the save: say so like any taken name.
        _, problems = _cleaned(user, {n: v for n, v in values.items() if n == "username"}, may_rename=True)
        if problems:
            raise ValidationFailed(problems) from error
        raise
    for name in names:
        setattr(user, name, getattr(locked, name))


def bio_moderate(*, actor: User, user: User) -> None:
    """Empty the bio and the display name of somebody below `actor`. Raises `PermissionDenied`."""
    with transaction.atomic():
        target = User.objects.select_for_update().get(pk=user.pk)
        if not can_moderate(actor.role, target.role):
            raise PermissionDenied()
        target.bio = target.display_name = ""
        target.search_name = target.search_name_made()
        target.save(update_fields=["bio", "display_name", "search_name"])


def _applied(user: User, values: dict[str, Any], *, may_rename: bool) -> list[str]:
    """Check the values, put them on the locked row; gives the names of further fields that follow from them."""
    before = user.username
    clean, problems = _cleaned(user, values, may_rename=may_rename)
    problems |= _age_problems(
        values.get("birth_date", user.birth_date),
        values.get("shows_adult", user.shows_adult),
        is_asked="birth_date" in values or "shows_adult" in values,
    )
    if problems:
        raise ValidationFailed(problems)
    for name, value in clean.items():
        setattr(user, name, value)
    further = []
    if skeleton_of(user.username) != skeleton_of(before):
        name_hold(username=before, period=RENAME_PAUSE)
    if user.username != before and not may_rename:
        user.username_changed_at = timezone.now()
        further.append("username_changed_at")
    if "username" in values or "display_name" in values:
        user.search_name = user.search_name_made()
        further.append("search_name")
    if user.username.lower() != before.lower() and user.is_lookalike:
        user.is_lookalike = False  # the new name stands on its own
        further.append("is_lookalike")
    return further


def _cleaned(user: User, values: dict[str, Any], *, may_rename: bool) -> tuple[dict[str, Any], Problems]:
    """The values as they are stored, and the messages of those that are refused."""
    cleaners: dict[str, Callable[[Any], Any]] = {
        "username": lambda value: _username_clean(user, value, may_rename=may_rename),
        "display_name": lambda value: validation.display_name_clean(value, user),
        "bio": validation.bio_clean,
        "default_language": _language_clean,
        "title_language": lambda value: _choice_clean(value, dict(User.TITLE_LANGUAGES)),
        **dict.fromkeys(PRIVACY_FIELDS, lambda value: _choice_clean(value, Visibility.values)),
    }
    clean: dict[str, Any] = {}
    problems: Problems = {}
    for name, value in values.items():
        try:
            clean[name] = cleaners[name](value) if name in cleaners else value
        except ValidationError as error:
            problems[name] = list(error.messages)
    return clean, problems


def _username_clean(user: User, username: str, *, may_rename: bool) -> str:
    if username == user.username:
        return username
    day = None if may_rename else rename_allowed_from(user)
    if day is not None:
        message = _("You can take another name from %(day)s on.")
        raise ValidationError(message, code="username_too_soon", params={"day": date_format(day)})
    return validation.username_clean(username, user)


def _language_clean(code: str) -> str:
    language_validator(code)
    return code


def _choice_clean(value: str, choices: Container[str]) -> str:
    if value not in choices:
        raise ValidationError(_("This is not one of the choices."), code="invalid_choice")
    return value


def _age_problems(birth_date: date | None, shows_adult: bool, *, is_asked: bool) -> Problems:
    today = timezone.now().date()
    if not is_asked:
        return {}
    if birth_date and not 0 <= age_on(birth_date, today) <= OLDEST:
        return {"birth_date": [_("This date cannot be right.")]}
    if shows_adult and birth_date is None:
        return {"birth_date": [_("Say when you were born to see adult titles.")]}
    if shows_adult and birth_date and age_on(birth_date, today) < ADULT_AGE:
        return {"shows_adult": [_("Adult titles are for people of 18 and older.")]}
    return {}
