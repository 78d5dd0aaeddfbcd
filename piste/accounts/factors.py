"""Changing how one signs in: password, codes of an app, passkeys, recovery codes."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal import flows
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.internal.flows import rename_authenticator
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from piste.accounts import entryforms
from piste.accounts.models import User
from piste.ui.answers import wants_part

download_codes = recovery_codes.download_recovery_codes
SIGN_IN = reverse_lazy("profile_sign_in")
asks_again = method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")


class Framed:
    """A page within the frame, or only its part for the page's own script."""

    request: Any

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**extra)  # type: ignore[misc]
        return context | {"layout": "ui/fragment.html" if wants_part(self.request) else "ui/base.html"}


class _PasswordView(Framed, FormView[Any]):
    success_url = SIGN_IN

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChangePassword(_PasswordView):
    """Other devices are signed out, this one stays. Asks for the present password if there is one."""

    template_name = "account/password_change.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().dispatch if request.user.has_usable_password() else self._set
        return cast("HttpResponse", answer(request, *args, **kwargs))

    @method_decorator(reauthentication_required)
    def _set(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return cast("HttpResponse", super().dispatch(request, *args, **kwargs))

    def get_form_class(self) -> type[entryforms.NewPassword]:
        has_one = cast("User", self.request.user).has_usable_password()
        return entryforms.ChangePassword if has_one else entryforms.NewPassword

    def form_valid(self, form: entryforms.NewPassword) -> HttpResponse:
        form.save()
        flows.password_change.finalize_password_change(self.request, self.request.user)
        return super().form_valid(form)


class ConfirmByPassword(ReauthenticateView):  # type: ignore[misc]
    form_class = entryforms.ConfirmByPassword


class ConfirmByCode(ReauthenticateByCodeView):  # type: ignore[misc]
    form_class = entryforms.ConfirmByCode


class ConfirmByPasskey(webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    form_class = entryforms.ConfirmByPasskey

    def form_invalid(self, form: Form) -> HttpResponse:
        super().form_invalid(form)
        return HttpResponseRedirect(self.request.get_full_path())


class SwitchOnCodes(Framed, totp.ActivateTOTPView):  # type: ignore[misc]
    form_class = entryforms.SwitchOnCodes


class SwitchOffCodes(Framed, totp.DeactivateTOTPView):  # type: ignore[misc]
    success_url = SIGN_IN


class AddPasskey(Framed, webauthn.AddWebAuthnView):  # type: ignore[misc]
    form_class = entryforms.AddPasskey

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context = super().get_context_data(**extra)
        # The library begins with a key that is a second step only and leaves the rest to its script.
        options = auth.begin_registration(self.request.user, passwordless=True)
        return context | {"js_data": {"creation_options": options}}


@asks_again
class RenamePasskey(Framed, FormView[Any]):
    form_class = entryforms.RenamePasskey
    template_name = "mfa/webauthn/edit_form.html"
    success_url = SIGN_IN

    def authenticator(self) -> Authenticator:
        return own_passkey(self.request.user, self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.authenticator().wrap().name}

    def form_valid(self, form: Form) -> HttpResponse:
        rename_authenticator(self.request, self.authenticator(), form.cleaned_data["name"])
        return super().form_valid(form)


class RemovePasskey(Framed, webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    success_url = SIGN_IN


class RecoveryCodes(Framed, recovery_codes.ViewRecoveryCodesView):  # type: ignore[misc]
    pass


class NewRecoveryCodes(Framed, recovery_codes.GenerateRecoveryCodesView):  # type: ignore[misc]
    pass


def own_passkey(user: Any, pk: int) -> Authenticator:
    return get_object_or_404(Authenticator, user=user, type=Authenticator.Type.WEBAUTHN, pk=pk)
