"""Forms for e-mail addresses, codes and passwords; the services say what is right."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.validation import PASSWORD_MAX
from core.errors import DomainError


class CredentialForm(forms.Form):
    """A form that shows what a service refused at the field it is about."""

    def refuse(self, error: DomainError) -> None:
        """`fields` of the error at their fields, anything else (a limit, a lock-out) above the form."""
        for name, found in error.extra.get("fields", {}).items():
            self.add_error(name if name in self.fields else None, found)
        if not error.extra.get("fields"):
            self.add_error(None, str(error.detail or error.title))


def _password(label: str, autocomplete: str, most: int) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": autocomplete})
    )


class EmailForm(CredentialForm):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class CodeForm(CredentialForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Ten letters and digits from the mail, such as K7QF3-MX9PA."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class ResetForm(CredentialForm):
    """`token` comes with the link and is shown nowhere."""

    token = forms.CharField(max_length=100, widget=forms.HiddenInput)
    password = _password(_("New password"), "new-password", PASSWORD_MAX)
    password.help_text = _("At least 8 characters, none of the commonest.")


class ChangePasswordForm(CredentialForm):
    current_password = _password(_("Current password"), "current-password", 4096)
    password = _password(_("New password"), "new-password", PASSWORD_MAX)
    password.help_text = _("At least 8 characters, none of the commonest.")


class FirstPasswordForm(CredentialForm):
    """For people who sign in through a provider only."""

    confirm_email = forms.EmailField(
        label=_("E-mail address of your account"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = _password(_("New password"), "new-password", PASSWORD_MAX)
    password.help_text = _("At least 8 characters, none of the commonest.")


class ChangeEmailForm(CredentialForm):
    email = forms.EmailField(
        label=_("New e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = _password(_("Your password"), "current-password", 4096)
