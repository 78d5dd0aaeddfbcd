"""Knows on which devices somebody signed in before, and tells the owner of an account about a new one."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from piste.accounts.models import User

COOKIE = "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"
SALT = "piste.accounts.known-device"
A_YEAR = 365 * 24 * 60 * 60


def is_known(request: HttpRequest, person: User) -> bool:
    return person.pk in _people(request)


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Let the device say next time that it was here; it holds no right, only spares a mail."""
    people = [person.pk, *(pk for pk in _people(request) if pk != person.pk)]
    response.set_cookie(
        COOKIE,
        signing.dumps(people[:20], salt=SALT),
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _people(request: HttpRequest) -> list[int]:
    try:
        return list(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=A_YEAR))
    except signing.BadSignature:
        return []
