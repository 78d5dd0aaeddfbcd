"""Pages for what went wrong: a sentence, an id, never a stack."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from piste.core.transitions import Refused
from piste.ui.answers import back, refused, told, wants_part
from piste.ui.state import BadAddress

logger = logging.getLogger(__name__)


def page(request: HttpRequest, status: int, title: str, text: str, code: str = "") -> HttpResponse:
    """The error as a page, or as a toast where the page's own script asked."""
    if wants_part(request):
        said = " ".join(part for part in (f"{title}.", text, code) if part)
        return told(request, {"toast": {"text": said, "kind": "error"}}, status=status)
    shown = {"status": status, "title": title, "text": text, "code": code}
    return HttpResponse(
        loader.render_to_string("ui/error.html", shown, request, using="jinja2"), status=status
    )


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    text = _("The address asks for something this page does not have. Go back and choose again.")
    return page(request, 400, _("This address is not valid"), text)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    text = _("Your role does not include this. A sales manager or an administrator can help.")
    return page(request, 403, _("You may not do this"), text)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("The page was open for too long, or came from elsewhere. Load it again and repeat.")
    return page(request, 403, _("The form has expired"), text)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    text = _("It does not exist, or it is not yours to see.")
    return page(request, 404, _("Nothing here"), text)


def failed(request: HttpRequest) -> HttpResponse:
    code = secrets.token_hex(4)
    logger.error("error shown to a user", extra={"code": code, "path": request.path})
    text = _("Nothing was changed. Try again; if it happens again, give this code to your administrator.")
    return page(request, 500, _("That went wrong"), text, code)


class Sentences:
    """Turn what a view raises into an answer with a sentence: a bad address, a refusal."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, BadAddress):
            return bad_request(request)
        if isinstance(exception, Refused):
            return refused(request, str(exception), to=back(request))
        if isinstance(exception, Http404):
            return not_found(request)
        if isinstance(exception, PermissionDenied):
            return forbidden(request)
        return None
