"""Sign-in by e-mail and password."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend


class EmailBackend(AuthenticationBackend):  # type: ignore[misc]
    """Rights come from the role (`User.has_perm`), never from this backend."""
