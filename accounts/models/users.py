"""The account of a person."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class Role(models.TextChoices):
    """What a person may do, in rising order; `rank` compares them."""

    USER = "user", _("User")
    TESTER = "tester", _("Tester")
    MODERATOR = "moderator", _("Moderator")
    ADMIN = "admin", _("Admin")
    SUPERADMIN = "superadmin", _("Superadmin")

    @property
    def rank(self) -> int:
        """0 for a user up to 4 for a superadmin."""
        return list(Role).index(self)


username_validator = RegexValidator(
    r"\A[A-Za-z0-9_]{3,30}\Z", _("3 to 30 letters, digits or underscores (A–Z, a–z, 0–9, _)."), code="invalid_username"
)


class UserManager(BaseUserManager["User"]):
    """Lookups by name fold case; `create_superuser` makes a superadmin."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)

    def create_user(self, username: str, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, email: str, password: str | None = None, **fields: object) -> "User":
        fields["role"] = Role.SUPERADMIN
        return self.create_user(username, email, password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. `is_staff` and `is_superuser` follow from `role` and are never stored by hand."""

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
        choices=[("romaji", _("Romaji")), ("english", _("English")), ("native", _("Native"))],
        default="romaji",
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_unique_ci"),
            models.UniqueConstraint(Lower("email"), name="user_email_unique_ci"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def name(self) -> str:
        """What to call this person on a page."""
        return self.display_name or self.username

    @property
    def rank(self) -> int:
        return Role(self.role).rank

    @property
    def is_staff(self) -> bool:
        """Whether the admin lets this person in: moderators and above."""
        return self.rank >= Role.MODERATOR.rank
