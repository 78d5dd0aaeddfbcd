"""The body of a request, read with suspicion: size, encoding, JSON, one object."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _

from piste.api.problems import BAD_REQUEST, NOT_JSON, Problem


def raw_body(request: HttpRequest) -> bytes:
    """The bytes, once read and then remembered. Raises `RequestDataTooBig`."""
    kept: bytes | None = getattr(request, "raw_body", None)
    if kept is None:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        # Not `request.body`, which believes the header and takes any length when there is none.
        kept = request.read(limit + 1)
        if len(kept) > limit:
            raise RequestDataTooBig
        request.raw_body = kept  # type: ignore[attr-defined]
    return kept


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The object in the body; no body is an empty one. Numbers with a point are exact."""
    body = raw_body(request)
    # The check of a form's token may have taken the body already.
    if not body.strip() and request.META.get("CONTENT_LENGTH") in (None, "", "0", str(len(body))):
        return {}
    if request.content_type != "application/json":
        raise Problem(NOT_JSON, str(NOT_JSON.meaning))
    try:
        found = json.loads(body.decode(), parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError) as error:
        text = _("The body is not JSON.")
        if (place := getattr(error, "pos", None)) is not None:
            text = _("The body is not JSON; look at character %(place)s.") % {"place": place + 1}
        raise Problem(BAD_REQUEST, text) from error
    if not isinstance(found, dict):
        raise Problem(BAD_REQUEST, _("The body must be one JSON object with the fields."))
    return cast("dict[str, Any]", found)


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
