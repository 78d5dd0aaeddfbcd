"""Coming in: everything that is open to somebody who is not signed in."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.account.views import logout as sign_out
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView, View

from piste.accounts import entryforms, limits, setup, tasks
from piste.accounts.adapter import Adapter, stays_here
from piste.accounts.links import bearer_of, password_token
from piste.accounts.models import Language, User

__all__ = ["sign_out"]

open_to_all = method_decorator(login_not_required, name="dispatch")
keeps_passwords = method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")


class SignIn(LoginView):  # type: ignore[misc]
    """E-mail and password, or a passkey."""

    form_class = entryforms.SignIn


class SignInByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """A passkey alone; asked with `Accept: application/json` it says what the device has to sign."""

    form_class = entryforms.SignInByPasskey


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """The second factor of somebody whose password was right."""

    form_class = entryforms.Code
    webauthn_form_class = entryforms.SecondStepByPasskey


@open_to_all
class Forgotten(FormView[entryforms.Forgotten]):
    """Asks for a link that sets a new password. Known and unknown addresses get the same answer."""

    form_class = entryforms.Forgotten
    template_name = "account/password_reset.html"
    success_url = reverse_lazy("account_reset_password_done")

    def form_valid(self, form: entryforms.Forgotten) -> HttpResponse:
        email = form.cleaned_data["email"].lower()
        if seconds := limits.may_ask_for_link(self.request, email):
            return limits.too_many(self.request, seconds, other_ways=False)
        tasks.send_password_link.defer(email=email)
        return super().form_valid(form)


@open_to_all
class LinkSent(TemplateView):
    template_name = "account/password_reset_done.html"


@open_to_all
@keeps_passwords
class ChoosePassword(PasswordResetConfirmView):
    """Sets the password of whoever holds the link. The second factor stays, and is asked for at sign-in."""

    form_class = entryforms.NewPassword  # type: ignore[assignment] # asks once; the password can be looked at
    template_name = "account/password_reset_from_key.html"
    token_generator = password_token
    success_url = reverse_lazy("account_login")

    def get_user(self, uidb64: str) -> User | None:
        person = super().get_user(uidb64)
        return person if person and person.is_active and not person.is_system else None

    def form_valid(self, form: Any) -> HttpResponse:
        if self.request.user.is_authenticated and self.request.user != self.user:
            token = self.request.session["_password_reset_token"]
            logout(self.request)
            self.request.session["_password_reset_token"] = token
        response = super().form_valid(form)
        person = cast("User", self.user)
        limits.forgive(self.request, person.email)
        if person.last_login:
            Adapter(self.request).send_notification_mail("account/email/password_reset", person)
        messages.success(self.request, _("Your password is set. Sign in with it."))
        return response


@open_to_all
@keeps_passwords
class Welcome(FormView[entryforms.Welcome]):
    """The first start: makes the company and its administrator, once."""

    form_class = entryforms.Welcome
    template_name = "accounts/welcome.html"
    success_url = "/"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not setup.opens(kwargs["token"]):
            raise Http404
        return cast("HttpResponse", super().dispatch(request, *args, **kwargs))

    def get_initial(self) -> dict[str, Any]:
        language = self.request.LANGUAGE_CODE
        return {"language": language if language in Language.values else Language.ENGLISH}

    def form_valid(self, form: entryforms.Welcome) -> HttpResponse:
        asked = form.cleaned_data
        try:
            founder = setup.found(
                name=asked["name"],
                email=asked["email"],
                password=asked["password"],
                company=form.company_fields(),
            )
        except setup.AlreadyFounded as late:
            raise Http404 from late
        except ValidationError as problem:
            form.add_error(None, problem.messages)
            return self.form_invalid(form)
        login(self.request, founder)
        return super().form_valid(form)


@open_to_all
class OneTime(View):
    """Signs somebody of the sample company in, once; a click on the link alone does nothing."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        person = bearer_of(token)
        return render(request, "accounts/one_time.html", {"person": person}, status=200 if person else 404)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        with transaction.atomic():
            person = bearer_of(token)
            if person is None or not self._first(token, person):
                return render(request, "accounts/one_time.html", {"person": None}, status=404)
            if request.user.is_authenticated:
                logout(request)
            return cast("HttpResponse", perform_login(request, Login(user=person, redirect_url="/")))

    def _first(self, token: str, person: User) -> bool:
        """Of two who click at once, let the second find the link used."""
        User.objects.select_for_update().get(pk=person.pk)
        return bearer_of(token) is not None


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language of somebody who is not signed in."""
    to = request.POST.get("next", "")
    response = HttpResponseRedirect(to if stays_here(to) else "/", status=303)
    language = request.POST.get("language", "")
    if language in Language.values:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 60 * 60,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
