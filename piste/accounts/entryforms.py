"""What is asked of somebody who comes in."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from piste.accounts import limits
from piste.accounts.models import Language, User
from piste.accounts.places import countries, currencies

CODE = forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off"})
PASSWORD, NEW_PASSWORD = _("Password"), _("New password")
RULES = _("At least 8 characters, and not a common password.")


def email_field(**about: Any) -> forms.EmailField:
    return forms.EmailField(label=_("E-mail address"), **about)


def present_password(label: Any = PASSWORD) -> forms.CharField:
    """A password somebody knows, which a password manager may fill in."""
    widget = forms.PasswordInput({"autocomplete": "current-password"})
    return forms.CharField(label=label, strip=False, widget=widget)


def new_password(label: Any = NEW_PASSWORD) -> forms.CharField:
    """A password to be chosen; asked once, because it can be looked at."""
    widget = forms.PasswordInput({"autocomplete": "new-password", "minlength": 8})
    return forms.CharField(label=label, strip=False, widget=widget, help_text=RULES)


class SignIn(LoginForm):  # type: ignore[misc]
    """E-mail and password, to be filled by hand or by a password manager."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = email_field(
            widget=forms.EmailInput({"autocomplete": "username", "autofocus": True})
        )
        self.fields["password"] = present_password()
        self.order_fields(["login", "password"])


class Forgotten(forms.Form):
    """Where to send the link that sets a new password."""

    email = email_field(widget=forms.EmailInput({"autocomplete": "username", "autofocus": True}))


class NewPassword(forms.Form):
    """A password for somebody who came by a link."""

    password = new_password()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def save(self) -> User:
        self.user.set_password(self.cleaned_data["password"])
        self.user.save(update_fields=["password"])
        return self.user


class ChangePassword(NewPassword):
    """Another password for somebody who is signed in and proves it with the present one."""

    present = present_password(_("Current password"))
    field_order = ("present", "password")

    def clean_present(self) -> str:
        # Through the adapter, which counts wrong ones: a stolen session must not become a way to guess.
        if not get_adapter().reauthenticate(self.user, self.cleaned_data["present"]):
            raise get_adapter().validation_error("enter_current_password")
        return str(self.cleaned_data["present"])


class ConfirmByPassword(ReauthenticateForm):  # type: ignore[misc]
    password = present_password()


class Code(AuthenticateForm):  # type: ignore[misc]
    """Six digits of the app, or one of the recovery codes."""

    code = forms.CharField(label=_("Code"), widget=CODE)

    def clean_code(self) -> str:
        limits.stop_if_locked(_request(), f"mfa-auth-user-{self.user.pk}")
        return cast("str", super().clean_code())


class ConfirmByCode(Code, ReauthenticateByCodeForm):  # type: ignore[misc]
    """The same, for somebody who is signed in already."""


class SwitchOnCodes(ActivateTOTPForm):  # type: ignore[misc]
    code = forms.CharField(label=_("Code that the app shows"), widget=CODE)


class UsePasskey:
    """Takes whatever a stranger sends for a passkey: the library trips over some of it."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (AttributeError, KeyError, TypeError, ValueError) as nonsense:
            raise get_adapter().validation_error("incorrect_code") from nonsense


class SignInByPasskey(UsePasskey, LoginWebAuthnForm):  # type: ignore[misc]
    pass


class SecondStepByPasskey(UsePasskey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class ConfirmByPasskey(UsePasskey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey always signs in by itself: keys that are only a second step confuse more than they help."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("To tell it apart from others."))
    passwordless = forms.BooleanField(widget=forms.HiddenInput, initial=True)

    def clean(self) -> dict[str, Any]:
        try:
            return cast("dict[str, Any]", super().clean())
        except (AttributeError, KeyError, TypeError, ValueError) as nonsense:
            raise get_adapter().validation_error("incorrect_code") from nonsense


class RenamePasskey(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)


class Welcome(forms.Form):
    """Everything the first start needs to know."""

    company = forms.CharField(
        label=_("Company name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "organization", "autofocus": True}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language)
    country = forms.ChoiceField(label=_("Country"), choices=countries, initial="FR")
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies, initial="EUR")
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = email_field(max_length=254, widget=forms.EmailInput({"autocomplete": "username"}))
    password = new_password(PASSWORD)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "password" in cleaned:
            person = User(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                validate_password(cleaned["password"], person)
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return cleaned

    def company_fields(self) -> dict[str, str]:
        """What belongs to the company's row."""
        chosen = {name: self.cleaned_data[name] for name in ("language", "country", "currency")}
        return {"name": self.cleaned_data["company"]} | chosen


def _request() -> Any:
    from allauth.core import context

    return context.request
