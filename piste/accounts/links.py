"""Addresses that let one person in: to set a password, or once without one."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_encode

from piste.accounts.models import User

SALT = "piste.accounts.sign-in-link"
#: How long a link to sign in once is good for, in seconds.
A_DAY = 24 * 60 * 60
TWO_HOURS = 2 * 60 * 60


class PasswordToken(PasswordResetTokenGenerator):
    """A token that is void once it was used, after any sign-in and after a change of address.

    Somebody invited has three days; whoever has a password already, two hours.
    """

    key_salt = "piste.accounts.password-link"

    def check_token(self, user: AbstractBaseUser | None, token: str | None) -> bool:
        if not isinstance(user, User) or not token or not super().check_token(user, token):
            return False
        age = self._num_seconds(self._now()) - base36_to_int(token.partition("-")[0])
        return age <= TWO_HOURS or not user.has_usable_password()


password_token = PasswordToken()


def password_link(person: User) -> str:
    """The path where somebody invited, or who forgot it, chooses a password."""
    who = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("choose_password", args=[who, password_token.make_token(person)])


def sign_in_link(user: User) -> str:
    """The path that signs in once, within a day. Only commands make it, for people of the sample company."""
    return reverse("one_time", args=[signing.dumps([user.pk, _state(user)], salt=SALT)])


def bearer_of(token: str) -> User | None:
    """Whom a link signs in; nobody when it has been used, has expired or was never made."""
    try:
        pk, state = signing.loads(token, salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return None
    person = User.objects.working().filter(pk=pk).first()
    return person if person and constant_time_compare(state, _state(person)) else None


def _state(user: User) -> str:
    """What changes with every sign-in, so that a link opens one door only once."""
    return salted_hmac(SALT, f"{user.pk}|{user.password}|{user.last_login}", algorithm="sha256").hexdigest()
