"""How sign-in differs from the library's: words, links, limits; and nobody signs up by themselves."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.accounts import devices, limits, tasks
from piste.accounts.models import Company, User

log = logging.getLogger("piste.security")

WRONG = gettext_lazy("The e-mail address or the password is wrong. Check both and try again.")
DONE = {
    "account/messages/password_changed.txt": gettext_lazy("Password changed. Other devices are signed out."),
    "account/messages/password_set.txt": gettext_lazy("Password set."),
    "mfa/messages/totp_activated.txt": gettext_lazy("Sign-in now asks for a code from your app."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("Sign-in no longer asks for a code from your app."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("Passkey added."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("Passkey removed."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy(
        "New recovery codes made. Keep them somewhere safe."
    ),
}


def stays_here(url: str | None) -> bool:
    """Tell whether an address leads to a page of this site: only paths do, whatever the Host header says."""
    return bool(url) and str(url).startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators, and known by the one address on `User.email`."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "enter_current_password": gettext_lazy("This is not your current password."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "incorrect_code": gettext_lazy("This code is wrong or has expired."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        return stays_here(url)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("profile")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # The library's own key holds the Host header: whoever changes that would start counting afresh.
        return str(credentials.get("email", "")).lower()

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        limits.stop_if_locked(request, self._get_login_attempts_cache_key(request, **credentials))
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._note("sign-in failed", request, email=credentials.get("email", ""))

    def reauthenticate(self, user: User, password: str) -> bool:
        person = self.authenticate(context.request, email=user.email, password=password)
        return person is not None and person.pk == user.pk

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, str(WRONG))
        return HttpResponseRedirect(resolve_url("account_login"))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        self._note("signed in", request, user=user.pk)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not devices.is_known(request, user):
            devices.remember(request, response, user)
            # Nobody is surprised by their own first sign-in, nor by those of people who do not exist.
            if self.came_before and not Company.get().sample:
                self.send_notification_mail("accounts/new_device", user)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        self.came_before = user.last_login is not None
        super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        self._note("signed out", request, user=request.user.pk)
        super().logout(request)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        if text := message or DONE.get(message_template or ""):
            messages.add_message(request, level, str(text), extra_tags=extra_tags)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell somebody what was changed about their sign-in."""
        tasks.send_notice.defer(
            user=user.pk,
            what=template_prefix.rpartition("/")[2],
            ip=self.get_client_ip(self.request),
            browser=self.get_http_user_agent(self.request)[:200],
            at=timezone.now().isoformat(),
        )

    def _note(self, what: str, request: HttpRequest, **about: Any) -> None:
        log.info(what, extra=about | {"ip": self.get_client_ip(request)})


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Names what authenticator apps and passkeys show of this site."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": Adapter.error_messages["incorrect_code"]
    }

    def get_totp_issuer(self) -> str:
        return f"Piste {Company.get().name}"

    def build_totp_svg(self, url: str) -> str:
        import qrcode  # type: ignore[import-untyped]
        from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

        # On a ground of its own: phones do not read light squares on a dark page.
        return str(qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode"))

    def generate_authenticator_name(self, user: User, type: str) -> str:
        from allauth.mfa.models import Authenticator

        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1} if count else _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        site = urlsplit(settings.BASE_URL)
        # Without TLS this is somebody trying Piste on their own machine, by whatever name they call it.
        host = site.hostname if site.scheme == "https" else context.request.get_host().partition(":")[0]
        return {"id": host or "", "name": Company.get().name}
