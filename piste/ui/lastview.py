"""How a screen is opened from the navigation: with one's default view, else as one last left it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict

from piste.ui.answers import wants_part
from piste.ui.models import SavedSearch
from piste.ui.screen import Screen
from piste.ui.state import BadAddress, ViewState

if TYPE_CHECKING:
    from piste.accounts.models import User

#: Longer addresses are not worth coming back to.
LONGEST = 2_000


def opening(screen: Screen, request: HttpRequest, searches: list[SavedSearch]) -> str:
    """The query string that the bare address of the screen stands for; empty for the screen as it is declared."""
    if request.GET or _stays(screen, request):
        return ""
    user = cast("User", request.user)
    mine = [row.query for row in searches if row.is_default and row.owner_id == user.pk]
    query = mine[0] if mine else str(user.views.get(screen.slug, ""))
    return query if query and _holds(screen, user, query) else ""


def _stays(screen: Screen, request: HttpRequest) -> bool:
    """Whether a page that shows the bare address only asks for it anew."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    try:
        return here.path == screen.url and not ViewState.parse(QueryDict(here.query)).query()
    except BadAddress:
        return False


def _holds(screen: Screen, user: User, query: str) -> bool:
    """Whether the screen still knows all that the address asks for."""
    try:
        screen.look(user, ViewState.parse(QueryDict(query)), "")
    except BadAddress:
        return False
    return True


def remember(screen: Screen, request: HttpRequest, state: ViewState) -> None:
    """Note what somebody chose on the page; a link from elsewhere or a refresh is no choice."""
    is_choice = wants_part(request) and request.GET and not state.after
    if not is_choice or "results" in request.headers.get("HX-Target", ""):
        return
    user, query = cast("User", request.user), state.query(text="", segment="")
    if query != user.views.get(screen.slug, "") and len(query) <= LONGEST:
        user.remember_view(screen.slug, query)
