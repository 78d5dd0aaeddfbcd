"""The mails about accounts, in the language of whoever gets them. Their links start with PISTE_BASE_URL."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import loader
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.accounts.links import password_link
from piste.accounts.models import Company, User

NOTICES = {
    "password_changed": gettext_lazy("Your password was changed"),
    "password_set": gettext_lazy("A password was set for your account"),
    "password_reset": gettext_lazy("Your password was reset through a link sent to you"),
    "totp_activated": gettext_lazy("Sign-in codes from an app were switched on"),
    "totp_deactivated": gettext_lazy("Sign-in codes from an app were switched off"),
    "webauthn_added": gettext_lazy("A passkey was added to your account"),
    "webauthn_removed": gettext_lazy("A passkey was removed from your account"),
    "recovery_codes_generated": gettext_lazy("New recovery codes were made for your account"),
    "new_device": gettext_lazy("Your account was used to sign in on a new device"),
}


def forgotten(person: User) -> EmailMessage:
    """Bring the link that sets a new password to somebody who forgot theirs."""
    with _voice(person):
        subject = _("Choose a new password for Piste")
        return _mail(person, subject, "password", link=_url(password_link(person)))


def invitation(person: User, *, by: User) -> EmailMessage:
    """Ask a new colleague in."""
    company = Company.get().name
    with _voice(person):
        subject = _("%(name)s invites you to Piste") % {"name": by.name}
        return _mail(person, subject, "invitation", link=_url(password_link(person)), by=by, company=company)


def notice(person: User, *, what: str, ip: str, browser: str, at: datetime) -> EmailMessage:
    """Say that something about the sign-in was changed, in case it was somebody else."""
    with _voice(person):
        subject = str(NOTICES[what])
        way_out = _url(reverse("account_reset_password"))
        return _mail(person, subject, "notice", what=subject, ip=ip, browser=browser, at=at, link=way_out)


def loss_of_factors(person: User, *, by: User, at: datetime) -> EmailMessage:
    """Say that an administrator took the second factors away, in case nobody asked for it."""
    with _voice(person):
        subject = _("Your second factors were taken away")
        link = _url(reverse("profile_sign_in"))
        return _mail(person, subject, "loss_of_factors", by=by, at=at, link=link)


def _url(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


class _voice(translation.override):
    """Speak somebody's language on their clock."""

    def __init__(self, person: User) -> None:
        super().__init__(person.language)
        self.clock = timezone.override(ZoneInfo(person.time_zone))

    def __enter__(self) -> None:
        super().__enter__()
        self.clock.__enter__()

    def __exit__(self, *problem: Any) -> None:
        self.clock.__exit__(*problem)
        super().__exit__(*problem)


def _mail(person: User, subject: str, template: str, **values: Any) -> EmailMessage:
    values |= {"person": person, "base_url": settings.BASE_URL}
    text = loader.render_to_string(f"accounts/mail/{template}.txt", values, using="jinja2")
    # Nobody's automatic answer is wanted (RFC 3834).
    return EmailMessage(subject, text, to=[person.email], headers={"Auto-Submitted": "auto-generated"})
