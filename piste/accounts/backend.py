"""Sign-in by e-mail and password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from piste.accounts.models import User


class EmailBackend(BaseBackend):
    """Lets working people in. Rights come from the role (`User.has_perm`), never from here."""

    def authenticate(
        self, request: HttpRequest | None, email: str = "", password: str = "", **_others: Any
    ) -> User | None:
        if not email or not password:
            return None
        person = User.objects.working().filter(email=email.lower()).first()
        if person is None:
            # Somebody unknown takes as long as a wrong password.
            User().set_password(password)
            return None
        return person if person.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        """Find whose session it is, at every request: whoever was deactivated is out with the next one."""
        person: User | None = User.objects.working().filter(pk=user_id).first()
        return person
