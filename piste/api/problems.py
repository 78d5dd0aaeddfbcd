"""What went wrong, told to programs as RFC 9457 asks: `application/problem+json`, in sentences."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, DataError, OperationalError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import AuthenticationError, ValidationError
from psycopg import errors

from piste.core.transitions import Incomplete, Refused
from piste.ui.acting import Invalid
from piste.ui.state import BadAddress

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
#: Where the kinds are explained; `type` names the place of each.
EXPLAINED_AT = "/api/v1/docs"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem, which keeps its name, status and title whatever the case."""

    name: str
    status: int
    title: StrPromise
    meaning: StrPromise


MERGED = Kind(
    "merged",
    308,
    gettext_lazy("Merged into another record"),
    gettext_lazy("The record is part of another one now, whose address is in Location. Nothing was changed."),
)
BAD_REQUEST = Kind(
    "bad-request",
    400,
    gettext_lazy("The request is not valid"),
    gettext_lazy("The address asks for something that is not there, or the body is not JSON."),
)
UNAUTHORIZED = Kind(
    "unauthorized",
    401,
    gettext_lazy("Nobody is signed in"),
    gettext_lazy("The key is missing, wrong, withdrawn or expired, or its owner has left."),
)
FORBIDDEN = Kind(
    "forbidden",
    403,
    gettext_lazy("You may not do this"),
    gettext_lazy("The role of the key's owner does not include it, or the key may only read."),
)
NOT_FOUND = Kind(
    "not-found",
    404,
    gettext_lazy("Nothing here"),
    gettext_lazy("It does not exist, or it is not the owner's to see; the two look alike."),
)
METHOD_NOT_ALLOWED = Kind(
    "method-not-allowed",
    405,
    gettext_lazy("Method not allowed here"),
    gettext_lazy("The address takes other methods, which the header Allow names."),
)
REFUSED = Kind(
    "refused",
    409,
    gettext_lazy("Refused"),
    gettext_lazy(
        "A business rule forbids it; detail says why, in a sentence for people. Nothing was changed."
    ),
)
CONFLICT = Kind(
    "conflict",
    409,
    gettext_lazy("Changed at the same time"),
    gettext_lazy("Another request is changing the same. Send it again."),
)
CHANGED = Kind(
    "changed",
    412,
    gettext_lazy("Changed meanwhile"),
    gettext_lazy("The record is no longer as If-Match says. Nothing was changed; ETag is what it is now."),
)
TOO_LARGE = Kind("too-large", 413, gettext_lazy("Too large"), gettext_lazy("A body has room for 10 MB."))
NOT_JSON = Kind(
    "unsupported-media-type",
    415,
    gettext_lazy("Not JSON"),
    gettext_lazy("Bodies are JSON, with Content-Type: application/json."),
)
INVALID = Kind(
    "invalid",
    422,
    gettext_lazy("Some fields need correcting"),
    gettext_lazy("The member errors names each field with its sentences. Nothing was changed."),
)
KEY_REUSED = Kind(
    "idempotency-key-reused",
    422,
    gettext_lazy("This Idempotency-Key is taken"),
    gettext_lazy("The same key came with another request in the last 24 hours."),
)
FAILED = Kind(
    "failed",
    500,
    gettext_lazy("That went wrong"),
    gettext_lazy("A mistake of the program. Nothing was changed; an administrator finds it by the code."),
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    gettext_lazy("Not now"),
    gettext_lazy("The database does not answer. Nothing was changed; send the request again."),
)
KINDS = (
    MERGED, BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, METHOD_NOT_ALLOWED, REFUSED, CONFLICT, TOO_LARGE,
    NOT_JSON, INVALID, KEY_REUSED, FAILED, UNAVAILABLE,
)  # fmt: skip
#: What a request can hold that nobody can read. The last is half a character, which no column takes.
UNREADABLE = (
    MultiPartParserError,
    SuspiciousOperation,
    UnreadablePostError,
    ValidationError,
    UnicodeEncodeError,
)
#: What the database says to the second of two writes that do not go together.
MET = (
    errors.DeadlockDetected,
    errors.ForeignKeyViolation,
    errors.LockNotAvailable,
    errors.SerializationFailure,
    errors.UniqueViolation,
)


class Problem(Exception):
    """Raised anywhere behind the API's addresses, and answered as it says. `more` are further members."""

    def __init__(
        self, kind: Kind, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        self.kind, self.detail, self.headers, self.more = kind, detail, headers or {}, more
        super().__init__(detail)


#: What views may raise on purpose. All else is a mistake of ours.
EXPECTED = (Problem, Invalid, Refused, BadAddress, PermissionDenied, Http404, SuspiciousOperation)


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """The problem as a response."""
    problem = problem_of(error)
    kind = problem.kind
    told = {
        "type": f"{EXPLAINED_AT}#{kind.name}",
        "title": str(kind.title),
        "status": kind.status,
        "detail": problem.detail,
        **problem.more,
    }
    headers = {"Content-Type": MEDIA_TYPE, **problem.headers}
    return HttpResponse(as_json(told), status=kind.status, headers=headers)


def as_json(value: Any) -> bytes:
    """JSON in UTF-8; what no UTF-8 can hold becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def problem_of(error: Exception) -> Problem:
    """The problem that the error stands for."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Invalid):
        return invalid(error.form)
    if isinstance(error, Incomplete):
        return Problem(
            REFUSED, str(error), errors={name: [_("This is needed first.")] for name in error.fields}
        )
    if isinstance(error, Refused):
        return Problem(REFUSED, str(error))
    if isinstance(error, PermissionDenied):
        text = _("Your role does not include this. A sales manager or an administrator can help.")
        return Problem(FORBIDDEN, text)
    if isinstance(error, Http404):
        return Problem(NOT_FOUND, _("It does not exist, or it is not yours to see."))
    if isinstance(error, AuthenticationError):
        text = _("Send a key as “Authorization: Bearer …”. Everybody makes their own in their profile.")
        return Problem(UNAUTHORIZED, text, headers={"WWW-Authenticate": "Bearer"})
    return _unreadable(error) or _unlucky(error) or _mistake(error)


def _unreadable(error: Exception) -> Problem | None:
    if isinstance(error, BadAddress):
        part = str(error.args[0])[:100] if error.args else ""
        text = _("The address asks for something that is not there: “%(part)s”.") % {"part": part}
        return Problem(BAD_REQUEST, text if part else _("The address asks for too much at once."))
    if isinstance(error, RequestDataTooBig):
        return Problem(TOO_LARGE, str(TOO_LARGE.meaning))
    if isinstance(error, UNREADABLE):
        return Problem(BAD_REQUEST, _("The request could not be read."))
    if isinstance(error, DataError):
        return Problem(BAD_REQUEST, _("A number in the request is too large."))
    return None


def _unlucky(error: Exception) -> Problem | None:
    """Two that met, of whom the database let one through; or a database that is away."""
    if not isinstance(error, DatabaseError):
        return None
    if isinstance(error.__cause__, MET):
        logger.warning("a write met another one", exc_info=error)
        text = _("Somebody has just changed the same. Try again.")
        return Problem(CONFLICT, text, headers={"Retry-After": "1"})
    if isinstance(error, OperationalError):
        logger.error("the database did not answer", exc_info=error)
        return Problem(UNAVAILABLE, str(UNAVAILABLE.meaning), headers={"Retry-After": "5"})
    return None


def _mistake(error: Exception) -> Problem:
    code = secrets.token_hex(4)
    logger.error("error shown to a program", exc_info=error, extra={"code": code})
    text = _("Nothing was changed. Try again; if it happens again, give this code to your administrator.")
    return Problem(FAILED, text, code=code)


def invalid(form: BaseForm) -> Problem:
    """What is wrong with the values: of the whole in `detail`, of each field in `errors`."""
    errors = {name: [str(sentence) for sentence in sentences] for name, sentences in form.errors.items()}
    whole = errors.pop(NON_FIELD_ERRORS, [])
    return Problem(INVALID, " ".join(whole) or _("Correct the fields named in errors."), errors=errors)
