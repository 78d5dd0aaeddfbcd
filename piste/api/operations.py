"""What one has done through the API or the pages, and the way back."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from piste.api.columns import plain
from piste.api.listing import json_answer, reader
from piste.api.problems import REFUSED, Problem
from piste.api.writing import ROOT, actor, written
from piste.core.models import Operation
from piste.core.undo import UndoConflict, may_undo, undo
from piste.ui.acting import Outcome
from piste.ui.historyview import conflict_sentence, within_reach
from piste.ui.words import command_label


def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of one's own operations."""
    user = reader(request)
    done = get_object_or_404(Operation, pk=pk, by=user)
    return json_answer(
        {
            "id": str(done.pk),
            "command": done.command,
            "via": done.via,
            "at": plain(done.at),
            "about": done.about,
            "undone_by": str(done.undone_by_id) if done.undone_by_id else None,
            "undoable": not done.undone_by_id and may_undo(done, user) and within_reach(done, user),
        }
    )


def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo an operation; with `rest=true` all of it but what others have changed since."""
    rest = request.GET.get("rest", "").lower() in ("1", "true")
    done = get_object_or_404(Operation.objects.select_related("by"), pk=pk)
    who = actor(request)
    if not may_undo(done, who.user) or not within_reach(done, who.user):
        raise Http404
    try:
        undone = undo(done, by=who.user, at=who.at, via=who.via, rest=rest)
    except UndoConflict as conflict:
        again = f"{ROOT}/operations/{done.pk}/undo?rest=true"
        changed = [
            {"model": one.model._meta.label_lower, "id": one.pk, "field": one.field or None}
            for one in conflict.conflicts
        ]
        text = conflict_sentence(conflict, who.user)
        if text != str(conflict):
            changed = []
        raise Problem(REFUSED, text, rest=again, changed_since=changed) from conflict
    text = _("Undone: %(what)s") % {"what": command_label(done.command)}
    return written({"undone": str(done.pk)}, Outcome(undone, [], text))
