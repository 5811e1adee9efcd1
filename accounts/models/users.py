"""The account of a person."""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.lookalikes import skeleton_expression
from accounts.models.preferences import PlayerPreferences, PrivacyPreferences
from accounts.permissions import role_allows, role_enters, role_permissions
from accounts.querysets.users import UserQuerySet
from accounts.roles import Role
from accounts.search_names import search_name_of
from core.ids import uuid7

username_validator = RegexValidator(
    r"\A[A-Za-z0-9_]{3,30}\Z", _("3 to 30 letters, digits or underscores (A–Z, a–z, 0–9, _)."), code="invalid_username"
)


class UserManager(BaseUserManager["User"]):
    """Lookups by name fold case; `create_superuser` makes a superadmin."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.alias(folded=Lower("username")).get(folded=(username or "").lower())

    def create_user(self, username: str, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, email=email.strip().lower(), **fields)
        user.search_name = user.search_name_made()
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, email: str, password: str | None = None, **fields: object) -> "User":
        fields["role"] = Role.SUPERADMIN
        return self.create_user(username, email, password, **fields)


class User(PlayerPreferences, PrivacyPreferences, AbstractBaseUser):
    """A person. Rights follow from `role` alone: there are no groups, no stored permissions, no stored superuser flag.

    From the confirmed request to be deleted (`deletion_due_at`) others see nobody of this name; once the days of grace
    are over the row stays without anything personal (`erased_at`), for what must keep an author.
    """

    TITLE_LANGUAGES = [("romaji", _("Romaji")), ("english", _("English")), ("native", _("Native"))]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("username"), max_length=30, unique=True, validators=[username_validator])
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    display_name = models.CharField(_("display name"), max_length=50, blank=True)
    bio = models.CharField(_("about"), max_length=500, blank=True)
    avatar = models.ForeignKey(
        "core.StoredImage", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("avatar")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.USER, db_index=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_verified = models.BooleanField(_("e-mail verified"), default=False)
    shows_adult = models.BooleanField(_("show adult titles"), default=False)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    title_language = models.CharField(
        _("language of titles"),
        max_length=8,
        choices=TITLE_LANGUAGES,
        default="romaji",
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    setup_completed_at = models.DateTimeField(_("onboarding completed"), null=True, blank=True, editable=False)
    deletion_due_at = models.DateTimeField(_("to be erased"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    username_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    muted_until = models.DateTimeField(_("muted until"), null=True, blank=True, editable=False)
    mute_reason = models.CharField(_("why muted"), max_length=200, blank=True, default="", editable=False)
    search_name = models.CharField(max_length=200, blank=True, default="", editable=False)
    """Both names as people look for them (`search_names.py`); kept by the services that change them."""
    is_lookalike = models.BooleanField(default=False, editable=False)
    """Had its name before look-alikes were refused: it keeps the name, outside of the unique index on skeletons."""

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        indexes = [
            # Of those alone who leave: with all others in it, SQLite would read everybody through it wherever it says
            # "nobody who leaves", before it looks at the ids that were asked for.
            models.Index(
                fields=["deletion_due_at"],
                name="user_deletion_due",
                condition=models.Q(deletion_due_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_unique_ci"),
            models.UniqueConstraint(Lower("email"), name="user_email_unique_ci"),
            models.UniqueConstraint(
                skeleton_expression(), condition=models.Q(is_lookalike=False), name="user_username_unique_look"
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def name(self) -> str:
        """What to call this person on a page."""
        return self.display_name or self.username

    @property
    def is_public(self) -> bool:
        """Whether strangers may know of them, as `UserQuerySet.public` asks the database."""
        return self.is_active and self.deletion_due_at is None and self.erased_at is None

    def search_name_made(self) -> str:
        """What `search_name` has to be."""
        return search_name_of(self.username, self.display_name)

    @property
    def rank(self) -> int:
        return Role(self.role).rank

    @property
    def is_staff(self) -> bool:
        """Whether the admin lets this person in: moderators and above."""
        return self.rank >= Role.MODERATOR.rank

    @property
    def is_superuser(self) -> bool:
        """What Django calls somebody who may do everything."""
        return self.role == Role.SUPERADMIN

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Whether this person's role has the permission ("app.codename"); nobody has any while suspended."""
        return self.is_active and role_allows(self.role, perm)

    def has_perms(self, perm_list: Iterable[str], obj: models.Model | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and role_enters(self.role, app_label)

    def get_all_permissions(self, obj: models.Model | None = None) -> set[str]:
        return set(role_permissions(self.role)) if self.is_active else set()
