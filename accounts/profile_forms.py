"""Forms of the profile, the player's preferences, privacy and the onboarding; the services decide what is right."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.profiles import PLAYER_FIELDS, PRIVACY_FIELDS, rename_allowed_from
from accounts.validation import BIO_MAX, DISPLAY_NAME_MAX
from accounts.visibility import Visibility
from core.errors import DomainError, ValidationFailed
from core.site.preferences import THEMES

PICTURES = "image/jpeg,image/png,image/webp,image/avif,image/gif"
AUDIO = [
    ("ja", _("Japanese (original)")),
    ("en", _("English")),
    ("ru", _("Russian")),
    ("de", _("German")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("pt", _("Portuguese")),
    ("it", _("Italian")),
    ("pl", _("Polish")),
    ("uk", _("Ukrainian")),
    ("tr", _("Turkish")),
    ("ar", _("Arabic")),
    ("hi", _("Hindi")),
    ("id", _("Indonesian")),
    ("th", _("Thai")),
    ("vi", _("Vietnamese")),
    ("ko", _("Korean")),
    ("zh", _("Chinese")),
]


class PersonForm(forms.Form):
    """A form whose fields are named like a person's."""

    @classmethod
    def of(cls, user: User, data: Any = None, files: Any = None) -> Any:
        """The form filled with what `user` has, or with what was sent."""
        initial = {name: getattr(user, name) for name in cls.base_fields if name != "avatar" and hasattr(user, name)}
        form = cls(data, files, initial=initial)
        if "username" in form.fields:
            form.fields["username"].help_text = _rename_help(user)
        return form

    def refuse(self, error: DomainError) -> None:
        """Show the service's messages at their fields; what is wrong with a file stands at the picture."""
        if not isinstance(error, ValidationFailed):
            self.add_error("avatar" if "avatar" in self.fields else None, str(error.detail or error.title))
            return
        for name, found in error.extra["fields"].items():
            self.add_error(name if name in self.fields else None, found)

    def changes(self) -> dict[str, Any]:
        """What to give to the service: a picture only when one was sent, a username only when one was written."""
        found = dict(self.cleaned_data)
        for name in ("avatar", "username"):
            if not found.get(name):
                found.pop(name, None)
        found.pop("theme", None)
        return found


def _rename_help(user: User) -> Any:
    day = rename_allowed_from(user)
    if day is not None:
        return _("You can take another name from %(day)s on.") % {"day": date_format(day)}
    return _("Your address here and what people mention you by. It can be changed once in 14 days.")


def _username_field() -> forms.CharField:
    return forms.CharField(
        label=_("Username"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


def _avatar_field() -> forms.FileField:
    return forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": PICTURES, "data-avatar-input": ""}),
        help_text=_("JPEG, PNG, WebP, AVIF or GIF, at most 5 MB; its middle square is shown."),
    )


def _circle_field(label: Any, help_text: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Visibility.choices, widget=forms.RadioSelect, help_text=help_text)


class ProfileForm(PersonForm):
    """What a person says of themselves and how titles are shown to them."""

    avatar = _avatar_field()
    username = _username_field()
    display_name = forms.CharField(
        label=_("Display name"),
        max_length=DISPLAY_NAME_MAX,
        required=False,
        help_text=_("Shown instead of your username."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    # Its length is the service's to judge: browsers send each new line as two characters.
    bio = forms.CharField(
        label=_("About you"), required=False, widget=forms.Textarea(attrs={"rows": 4, "maxlength": BIO_MAX})
    )
    title_language = forms.ChoiceField(label=_("Language of titles"), choices=User.TITLE_LANGUAGES)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        help_text=_("Only you see it. It is asked for when you switch adult titles on."),
    )
    shows_adult = forms.BooleanField(
        label=_("Show adult titles"), required=False, help_text=_("For people of 18 and older.")
    )


class PlayerForm(PersonForm):
    """What the player does by itself, and which audio it prefers."""

    auto_play = forms.BooleanField(label=_("Start playing by itself"), required=False)
    auto_next = forms.BooleanField(
        label=_("Go on with the next episode"), required=False, help_text=_("After a countdown that you can stop.")
    )
    auto_skip_opening = forms.BooleanField(
        label=_("Skip openings"), required=False, help_text=_("Where their times are known; Escape stays for this one.")
    )
    auto_skip_ending = forms.BooleanField(label=_("Skip endings"), required=False)
    default_language = forms.ChoiceField(
        label=_("Language of audio"), help_text=_("The version that plays first where an episode has it.")
    )
    shows_comments = forms.BooleanField(label=_("Show comments"), required=False)

    field_order = PLAYER_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = self.initial.get("default_language", "ja")
        known = [] if present in dict(AUDIO) else [(present, present)]  # the API takes any code
        self.fields["default_language"].choices = [*AUDIO, *known]


class PrivacyForm(PersonForm):
    """Who sees what."""

    profile_visibility = _circle_field(
        _("Your profile"), _("What you wrote about you, and since when you are here. Name and picture are always seen.")
    )
    activity_visibility = _circle_field(
        _("Your activity"), _("What you watch, rate and put on your lists. Private unless you open it.")
    )
    online_status_visibility = _circle_field(
        _("Your online status"), _("Whether you are here, and when you were last.")
    )

    field_order = PRIVACY_FIELDS


class OnboardingForm(PersonForm):
    """The one page after sign-up. Everything may be left as it is."""

    username = _username_field()
    display_name = forms.CharField(
        label=_("Display name"),
        max_length=DISPLAY_NAME_MAX,
        required=False,
        help_text=_("Any script, with spaces. Empty: your username is shown."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    avatar = _avatar_field()
    theme = forms.ChoiceField(
        label=_("Theme"),
        required=False,
        choices=[(THEMES[0], _("Like the system")), (THEMES[2], _("Dark")), (THEMES[1], _("Light"))],
        widget=forms.RadioSelect,
    )
    title_language = forms.ChoiceField(
        label=_("Language of titles"), choices=User.TITLE_LANGUAGES, widget=forms.RadioSelect
    )
    default_language = forms.ChoiceField(label=_("Language of audio"), choices=AUDIO)
    profile_visibility = _circle_field(_("Who sees your profile"), "")
    activity_visibility = _circle_field(_("Who sees what you watch"), "")
    online_status_visibility = _circle_field(_("Who sees that you are online"), "")
