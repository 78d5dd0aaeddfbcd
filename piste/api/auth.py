"""Who asks: the owner of a Bearer key, or the person signed in at this browser."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer, SessionAuth
from ninja.utils import check_csrf

from piste.accounts.models import Language, User
from piste.api.keys import find_key
from piste.api.problems import FORBIDDEN, Problem

READING = ("GET", "HEAD", "OPTIONS")


class Bearer(HttpBearer):
    """A key in the header Authorization. What it may not do ends here, before anything is read."""

    openapi_description = "A key from the profile, sent as `Authorization: Bearer piste_…`."

    def authenticate(self, request: HttpRequest, token: str) -> User:
        key = find_key(token.strip(), at=timezone.now())
        if key is None:
            raise AuthenticationError
        owner: User = key.owner
        request.user = owner
        translation.activate(wanted_language(request) or owner.language)
        timezone.activate(ZoneInfo(owner.time_zone))
        if request.method not in READING and not key.may_write():
            raise Problem(FORBIDDEN, _("This key may only read."))
        return owner


class Session(SessionAuth):
    """The session of the pages, for looking around in a browser. A change needs the page's CSRF token."""

    openapi_description = "The session of somebody signed in at this browser; writes need `X-CSRFToken`."

    def __call__(self, request: HttpRequest) -> User | None:
        if not isinstance(request.user, User):
            return None
        if request.method not in READING and check_csrf(request):
            text = _("The page was open for too long, or came from elsewhere. Load it again and repeat.")
            raise Problem(FORBIDDEN, text)
        return request.user


def wanted_language(request: HttpRequest) -> str | None:
    """The first language of the header Accept-Language that Piste speaks."""
    for name, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if (language := name.partition("-")[0]) in Language.values:
            return language
    return None
