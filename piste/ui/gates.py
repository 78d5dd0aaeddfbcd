"""A rule asks for values before something is done: the dialog that asks for them, and what it was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from piste.core.transitions import Incomplete
from piste.ui.acting import Clashed
from piste.ui.answers import render
from piste.ui.context import screen_names
from piste.ui.forms import restricted, scope_choices
from piste.ui.screen import Screen

if TYPE_CHECKING:
    from piste.accounts.models import User

#: The name under which the dialog sends back what it asked for.
ASKED = "asked"
#: What comes with a value that was chosen over somebody else's.
CHOSEN = "chosen"


def fill_form(
    screen: Screen, record: Any, names: Sequence[str], user: User, values: Mapping[str, Any] | None = None
) -> forms.ModelForm[Any]:
    """The record's form with these fields only, none of which may stay empty."""
    form = restricted(screen.form, *names)(values, instance=record)
    scope_choices(form, user)
    for field in form.fields.values():
        field.required = True
    return form


def answered(
    screen: Screen, record: Any, fills: Sequence[str], request: HttpRequest
) -> forms.ModelForm[Any] | None:
    """What the dialog was answered, if it has asked."""
    asked = request.POST.getlist(ASKED)
    names = [name for name in fills if name in asked and name in screen.form.base_fields]
    return fill_form(screen, record, names, cast("User", request.user), request.POST) if names else None


def ask(
    request: HttpRequest,
    screen: Screen,
    record: Any,
    fill: forms.ModelForm[Any],
    *,
    url: str = "",
    carried: Mapping[str, str] | None = None,
    sentence: str = "",
) -> HttpResponse:
    """The dialog, wherever the page wanted its answer; `carried` is what else is sent again with it."""
    context = {
        "title": str(record),
        "sentence": sentence or _("This is still needed."),
        "form": fill,
        "action_url": url or request.get_full_path(),
        "carried": list((carried if carried is not None else _again(request, fill)).items()),
        "screen": screen_names(screen),
        "asked": ASKED,
    }
    return _in_dialog(render(request, "ui/asking.html", context, block="dialog", status=422))


def ask_for(
    request: HttpRequest, screen: Screen, record: Any, fills: Sequence[str], gap: Incomplete, **again: Any
) -> HttpResponse:
    """The dialog for what is missing. Raises the refusal again where the page has no such field."""
    if not set(gap.fields) <= set(fills) & set(screen.form.base_fields):
        raise gap
    fill = fill_form(screen, record, gap.fields, cast("User", request.user))
    return ask(request, screen, record, fill, sentence=str(gap), **again)


def _again(request: HttpRequest, fill: forms.ModelForm[Any]) -> dict[str, str]:
    """What was sent besides the answers."""
    own = {ASKED, "csrfmiddlewaretoken", *fill.fields, *(f"initial-{name}" for name in fill.fields)}
    return {name: str(value) for name, value in request.POST.items() if name not in own}


def choose(request: HttpRequest, clash: Clashed) -> HttpResponse:
    """The dialog about a value that somebody else has just changed too: theirs, or one's own."""
    context = {
        "title": str(clash.form.instance),  # type: ignore[attr-defined]
        "questions": clash.questions,
        "form": clash.form,
        "action_url": request.get_full_path(),
        "chosen": CHOSEN,
    }
    return _in_dialog(render(request, "ui/choosing.html", context, block="dialog", status=422))


def _in_dialog(response: HttpResponse) -> HttpResponse:
    """Into the dialog, wherever the page wanted its answer."""
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#dialog", "innerHTML"
    return response
