"""Records that may be the same as one that is there, is being made, or is not yet saved."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from piste.api.bodies import json_body
from piste.api.listing import json_answer, reader
from piste.api.problems import INVALID, Problem
from piste.api.resources import Resource, resources
from piste.api.shapes import typed
from piste.ui import acting
from piste.ui.screen import screen_for
from piste.ui.similar import Found, Likeness, found_for, hidden_sentence


def compared() -> list[Resource]:
    """The resources whose records are compared."""
    return [one for one in resources() if one.screen.similar is not None and not one.read_only]


def of_record(resource: Resource, request: HttpRequest, pk: int) -> HttpResponse:
    """The records like one that is there."""
    record = get_object_or_404(resource.screen.rows(reader(request)), pk=pk)
    return json_answer(told_of(resource, record, request))


def of_fields(request: HttpRequest) -> HttpResponse:
    """The records like one that is not saved, by the fields it would be created with."""
    given = json_body(request)
    resource = _resource(given.pop("resource", None))
    screen, user = resource.screen, reader(request)
    screen.rows(user, "add")
    values, misfits = typed(given, screen.form.base_fields, screen.model)
    if misfits:
        errors = {name: [sentence] for name, sentence in misfits.items()}
        raise Problem(INVALID, _("Correct the fields named in errors."), errors=errors)
    form = acting.bound_form(screen, user, values)
    # What is missing yet does not matter here.
    form.is_valid()
    return json_answer(told_of(resource, form.instance, request))


def _resource(slug: Any) -> Resource:
    known = {one.slug: one for one in compared()}
    if not isinstance(slug, str) or slug not in known:
        text = _("Give one of: %(known)s.") % {"known": ", ".join(known)}
        raise Problem(INVALID, _("Correct the fields named in errors."), errors={"resource": [text]})
    return known[slug]


def told_of(resource: Resource, record: Any, request: HttpRequest) -> dict[str, Any]:
    """What the key's owner is told of records like this one."""
    similar = resource.screen.similar
    assert similar is not None
    return _told(found_for(similar, record, reader(request)))


def _told(found: Found) -> dict[str, Any]:
    message = hidden_sentence() if found.hidden else ""
    return {"results": [_one(one) for one in found.shown], "hidden": found.hidden, "message": message}


def _one(one: Likeness) -> dict[str, Any]:
    screen = screen_for(one.model)
    return {
        "resource": screen.slug if screen else "",
        "id": one.record.pk,
        "name": str(one.record),
        "note": one.note,
        "score": one.score,
        "reasons": [key for key, _label in one.reasons],
    }
