"""Writes that are sent twice and done once: the header `Idempotency-Key`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from piste.api.bodies import raw_body
from piste.api.listing import reader
from piste.api.models import KeptAnswer
from piste.api.problems import BAD_REQUEST, CONFLICT, EXPECTED, KEY_REUSED, Problem, answer

HEADER = "Idempotency-Key"
LONGEST = 255
#: How long the second of two waits for the first before it is told to come back.
PATIENCE = "10s"
KEPT_HEADERS = ("Content-Type", "ETag", "Location", "X-Undo")


def once(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of the act, or the one given to the same request before.

    The answer is kept in the transaction of the change, so that there is never one without the other. What
    fails by a mistake or by bad luck keeps nothing and can be sent again.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= LONGEST):
        text = _("An Idempotency-Key has 1 to %(longest)s plain characters.") % {"longest": LONGEST}
        raise Problem(BAD_REQUEST, text)
    fingerprint = fingerprint_of(request)
    with transaction.atomic():
        kept, new = _claim(request, key, fingerprint)
        if not new:
            return _again(kept, fingerprint)
        response = _final(request, act)
        kept.status = response.status_code
        kept.headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        kept.headers["Content-Language"] = get_language()
        kept.body = response.content.decode()
        kept.save()
    return response


def fingerprint_of(request: HttpRequest) -> str:
    """What makes a request the same as another: method, address, what it holds for, and body."""
    match = request.headers.get("If-Match")
    head = f"{request.method} {request.get_full_path()}\n{'' if match is None else match}".encode()
    return hashlib.sha256(head + raw_body(request)).hexdigest()


def _claim(request: HttpRequest, key: str, fingerprint: str) -> tuple[KeptAnswer, bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        try:
            now = timezone.now()
            found = KeptAnswer.claim(owner=reader(request), key=key, fingerprint=fingerprint, at=now)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            text = _("The same request is still being done. Ask again in a moment.")
            raise Problem(CONFLICT, text, headers={"Retry-After": "2"}) from error
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    return found


def _again(kept: KeptAnswer, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        raise Problem(KEY_REUSED, str(KEY_REUSED.meaning))
    response = HttpResponse(kept.body, status=kept.status, headers=kept.headers)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _final(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer to keep: of a success, or of a refusal, whose changes are taken back here."""
    try:
        with transaction.atomic():
            return act()
    except EXPECTED as error:
        return answer(request, error)
