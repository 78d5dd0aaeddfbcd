"""How a view answers: a page or a part of it, and what a write reports back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.translation import get_language
from jinja2_fragments import render_block

from piste.ui.acting import Actor, Outcome
from piste.ui.jinja import speaking

if TYPE_CHECKING:
    from piste.accounts.models import User


def wants_part(request: HttpRequest) -> bool:
    """Whether the page's own script asks, which needs no frame around the answer."""
    return bool(getattr(request, "htmx", False))


def render(
    request: HttpRequest, template: str, context: dict[str, Any], *, block: str = "", status: int = 200
) -> HttpResponse:
    """The whole page for a browser; for the page's script the content, or one named block of it."""
    part = wants_part(request)
    shown: dict[str, Any] = {"request": request, **_tokens(request)}
    for processor in cast("Jinja2", engines["jinja2"]).template_context_processors:
        shown |= processor(request)
    shown |= context | {"layout": "ui/fragment.html" if part else "ui/base.html"}
    speaking_env = speaking(get_language() or "en")
    if part and block:
        return HttpResponse(render_block(speaking_env, template, block, **shown), status=status)
    return HttpResponse(speaking_env.get_template(template).render(shown), status=status)


def _tokens(request: HttpRequest) -> dict[str, Any]:
    from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy

    return {"csrf_input": csrf_input_lazy(request), "csrf_token": csrf_token_lazy(request)}


def told(request: HttpRequest, events: dict[str, Any], *, status: int = 204) -> HttpResponse:
    """An answer without content that tells the page's script what happened."""
    return HttpResponse(status=status, headers={"HX-Trigger": json.dumps(events)})


def events_of(outcome: Outcome, *, close: bool = True, gone: int = 0) -> dict[str, Any]:
    """What the page does about a write: toast with undo, refresh, close the dialog, celebrate."""
    # A panel that shows what is gone closes before the page asks for everything anew.
    events: dict[str, Any] = {"record-gone": {"id": gone}} if gone else {}
    events |= {
        "toast": {"text": outcome.text, "undo": outcome.undo_url},
        "rows-changed": {"ids": [record.pk for record in outcome.records]},
    }
    if outcome.operation.about.get("model") == "ui.savedsearch":
        events["views-changed"] = {}
    if close:
        events["close-dialog"] = True
    if outcome.celebrate:
        events["celebrate"] = {"text": outcome.celebrate}
    return events


def done(
    request: HttpRequest, outcome: Outcome, *, to: str, close: bool = True, moved: bool = False, gone: int = 0
) -> HttpResponse:
    """Report a write: events for the page's script, a redirect with a message for a plain browser.

    A write that no dialog asked for closes none: one may have been opened while it was on its way. Say `moved` when
    the record has another address now: its own page goes there. `gone` is the key of one that was deleted.
    """
    if moved and wants_part(request) and _on_its_page(request):
        messages.success(request, outcome.celebrate or outcome.text, extra_tags=outcome.undo_url)
        response = HttpResponse(status=204, headers={"HX-Redirect": to})
    elif wants_part(request):
        response = told(request, events_of(outcome, close=close, gone=gone))
    else:
        messages.success(request, outcome.celebrate or outcome.text, extra_tags=outcome.undo_url)
        response = HttpResponseRedirect(to, status=303)
    response.headers["X-Undo"] = str(outcome.operation.pk)
    return response


def _on_its_page(request: HttpRequest) -> bool:
    """Whether the browser shows the record alone, at the address that the request is below."""
    shown = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return shown.rstrip("/").rpartition("/")[2].isdecimal() and request.path.startswith(shown)


def reported(request: HttpRequest, outcome: Outcome, title: str) -> HttpResponse:
    """Report in the dialog what came of doing something to many, row by row."""
    response = render(
        request,
        "ui/report.html",
        {"report": outcome.report, "title": title, "outcome": outcome},
        block="dialog",
    )
    response.headers["HX-Trigger"] = json.dumps(events_of(outcome, close=False))
    response.headers["X-Undo"] = str(outcome.operation.pk)
    return response


def refused(
    request: HttpRequest, sentence: str, *, to: str = "/", status: int = 409, **toast: Any
) -> HttpResponse:
    """Say no in a sentence, and leave everything as it was."""
    if wants_part(request):
        return told(request, {"toast": {"text": sentence, "kind": "error"} | toast}, status=status)
    messages.error(request, sentence)
    return HttpResponseRedirect(to, status=303)


def back(request: HttpRequest, otherwise: str = "/") -> str:
    """The page of this site that the reader came from, as a path."""
    parts = urlsplit(request.headers.get("Referer", ""))
    stays = parts.netloc == request.get_host() and not parts.path.startswith(("//", "/\\"))
    return urlunsplit(("", "", parts.path, parts.query, "")) if stays and parts.path else otherwise


def actor(request: HttpRequest) -> Actor:
    """The signed-in person, acting now through the web."""
    from django.utils import timezone

    return Actor(cast("User", request.user), "web", timezone.now())


def currency_of(request: HttpRequest) -> str:
    """The company's currency, which the frame around the page has read already."""
    return str(getattr(request, "currency", "EUR"))
