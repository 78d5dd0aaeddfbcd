"""The records before and after one in the list that the reader came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit

from django.http import HttpRequest, QueryDict

from piste.ui import formats
from piste.ui.paging import beside, ordered
from piste.ui.screen import Screen
from piste.ui.state import BadAddress, ViewState

if TYPE_CHECKING:
    from piste.accounts.models import User

#: So far back a record's place is told. Further on its neighbours are looked up one by one.
FAR = 1000


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Addresses of the previous and the next record, and the place in the list: 3 / 9."""

    previous_url: str = ""
    next_url: str = ""
    position: str = ""


def neighbours(screen: Screen, record: Any, request: HttpRequest) -> Neighbours:
    """Who stands beside the record in the list of the address `?from=`, or in the one it was opened from."""
    if "from" in request.GET:
        return _beside(screen, record, cast("User", request.user), request.GET["from"])
    came = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if came.path != screen.url:
        return Neighbours()
    try:
        return _beside(screen, record, cast("User", request.user), came.query)
    except BadAddress:
        return Neighbours()


def _beside(screen: Screen, record: Any, user: User, query: str) -> Neighbours:
    state = ViewState.parse(QueryDict(query))
    line = screen.mode(state).line(screen.look(user, state, ""), record)
    if line is None:
        return Neighbours()
    # One short query, where asking for the one before, the one after and the place would be four.
    keys = list(ordered(*line).values_list("pk", flat=True)[: FAR + 1])
    many = f"{formats.number(FAR)}+" if len(keys) > FAR else formats.number(len(keys))
    if record.pk in keys[:FAR]:
        place = keys.index(record.pk)
        before = keys[place - 1] if place else None
        after = keys[place + 1] if place + 1 < len(keys) else None
        told = f"{formats.number(place + 1)} / {many}"
    elif len(keys) > FAR and (found := beside(*line, record.pk)) is not None:
        (before, after), told = found, many
    else:
        return Neighbours()
    tail = f"/?from={quote(state.query(lane=state.lane))}"
    previous_url, next_url = (f"{screen.url}{key}{tail}" if key else "" for key in (before, after))
    return Neighbours(previous_url, next_url, told)
