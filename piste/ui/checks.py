"""System checks of what screens declare, so that a slip of the pen stops the start and reaches no user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error

from piste.core.access import ScopedQuerySet, has_rules
from piste.ui.modes import Board, List
from piste.ui.paging import Order
from piste.ui.paths import UnknownPath, resolve
from piste.ui.screen import Screen, screens

Complaints = Iterator[CheckMessage]


def check_screens(app_configs: Any = None, **_options: Any) -> Sequence[CheckMessage]:
    """Every complaint about every screen."""
    return [
        *_slugs(),
        *(complaint for screen in screens() for check in CHECKS for complaint in check(screen)),
    ]


def _error(number: int, screen: Screen, text: str, hint: str = "") -> Error:
    return Error(text, hint=hint or None, obj=screen.model, id=f"ui.E{number:03}")


def _paths(screen: Screen) -> Complaints:
    for name in dict.fromkeys((*screen.paths(), *_orders(screen))):
        try:
            resolve(screen.model, name)
        except UnknownPath as error:
            yield _error(1, screen, f"The screen “{screen.slug}” names a path that is not there: {error}")


def _orders(screen: Screen) -> Iterator[str]:
    for mode in screen.modes:
        yield from (Order.parse(name).path for name in getattr(mode, "order", ()))
        yield from (path for pair in getattr(mode, "sort_by", ()) for path in pair)


def _manager(screen: Screen) -> Complaints:
    if not isinstance(screen.model._default_manager.all(), ScopedQuerySet):
        hint = "Make its first manager one of a ScopedQuerySet."
        yield _error(
            2, screen, f"The rows of “{screen.slug}” cannot be narrowed to what a user may see.", hint
        )


def _rules(screen: Screen) -> Complaints:
    if not has_rules(screen.model):
        yield _error(3, screen, f"Nobody is granted any row of “{screen.slug}”.", "Say grant(…) in rules.py.")


def _methods(screen: Screen) -> Complaints:
    board = screen.mode_of(Board)
    groups = [*screen.search.group_by, *([board.group_by] if board and board.group_by else [])]
    called = [(action.name, action.method or action.name) for action in screen.actions]
    called += [(by.key, by.move) for by in groups if by.move]
    for name, method in [*called, ("page", "get_absolute_url")]:
        if not callable(getattr(screen.model, method, None)):
            yield _error(
                4, screen, f"“{name}” of “{screen.slug}” calls {method}(), which the model does not have."
            )


def _columns(screen: Screen) -> Complaints:
    table = screen.mode_of(List)
    if table is None:
        return
    shown = (*table.columns, *table.offered)
    for name in table.editable:
        if name not in shown or name not in screen.cells:
            yield _error(
                5, screen, f"The list of “{screen.slug}” edits {name}, which is no column of list and form."
            )


def _twice(screen: Screen) -> Complaints:
    named = {
        "filter": [item.name for item in screen.search.filters],
        "grouping": [by.key for by in screen.search.group_by],
        "mode": [mode.name for mode in screen.modes],
        "action": [action.name for action in screen.actions],
    }
    for kind, names in named.items():
        for name in repeated(names):
            yield _error(6, screen, f"“{screen.slug}” has two of the {kind} “{name}”.")


def _slugs() -> Complaints:
    taken = repeated([screen.slug for screen in screens()])
    yield from (
        _error(7, s, f"Two screens have the address “{s.slug}”.") for s in screens() if s.slug in taken
    )


def repeated(names: Sequence[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


CHECKS: tuple[Callable[[Screen], Complaints], ...] = (_paths, _manager, _rules, _methods, _columns, _twice)
