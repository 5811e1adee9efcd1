"""Adding, naming, removing and answering with passkeys: allauth's views, our pages around them, a notice to their person."""

from typing import Any, cast

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notices import SecurityChange
from accounts.oauth.errors import LastWayIn
from accounts.selectors.oauth import has_way_in
from accounts.selectors.passkeys import passkeys_of
from accounts.services.notices import notice_send

NAME_MAX = 60
SECURITY = reverse_lazy("settings_security")


def _shorten_names(form: Form) -> Form:
    """allauth's forms take names of any length; the views cut what a browser sends all the same."""
    form.fields["name"].label = _("Name of the passkey")
    form.fields["name"].widget.attrs.update({"maxlength": NAME_MAX, "autocomplete": "off"})
    return form


class SecondStep(AuthenticateView):
    """The question after the password; a passkey may answer it for those who have one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not passkeys_of(self.stage.login.user):
            self.webauthn_form = None
        return super().get_context_data(**kwargs)


class PasskeyAdd(views.AddWebAuthnView):
    """Every key we add is a passkey: it knows whose it is and asks for a fingerprint, a face or a PIN."""

    def get_form(self, form_class: Any = None) -> Form:
        form = _shorten_names(super().get_form(form_class))
        form.fields.pop("passwordless", None)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super(views.AddWebAuthnView, self).get_context_data(**kwargs)  # allauth's asks for a mere security key
        return {**found, "js_data": {"creation_options": auth.begin_registration(self.request.user, True)}}

    def form_valid(self, form: Any) -> HttpResponse:
        form.cleaned_data["name"] = form.cleaned_data["name"][:NAME_MAX]
        with transaction.atomic():
            response = super().form_valid(form)
            _tell(self.request.user, SecurityChange.PASSKEY_ADDED, form.cleaned_data["name"])
        return response

    def get_success_url(self) -> str:
        return str(SECURITY)


class PasskeyRename(views.EditWebAuthnView):
    success_url = SECURITY

    def get_form(self, form_class: Any = None) -> Form:
        return _shorten_names(super().get_form(form_class))

    def form_valid(self, form: Any) -> HttpResponse:
        form.cleaned_data["name"] = form.cleaned_data["name"][:NAME_MAX]
        return super().form_valid(form)


class PasskeyRemove(views.RemoveWebAuthnView):
    success_url = SECURITY

    def form_valid(self, form: Any) -> HttpResponse:
        """Never the last way in: the person's row is locked, as `oauth_unlink` does."""
        name = self.object.data["name"]
        with transaction.atomic():
            person = User.objects.select_for_update().get(pk=cast(User, self.request.user).pk)
            if not has_way_in(person, without_passkey=self.object.pk):
                messages.error(self.request, str(LastWayIn.title))
                return redirect(SECURITY)
            response = super().form_valid(form)
            _tell(self.request.user, SecurityChange.PASSKEY_REMOVED, name)
        return response


def _tell(user: Any, change: SecurityChange, name: str) -> None:
    notice_send(user=cast(User, user), kind="security_change", context={"change": change.value, "detail": name})


second_step = SecondStep.as_view()
passkey_add = PasskeyAdd.as_view()
passkey_rename = PasskeyRename.as_view()
passkey_remove = PasskeyRemove.as_view()
