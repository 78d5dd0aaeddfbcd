"""Every word that a screen says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import override

from piste.ui.conditions import LABELS
from piste.ui.modes import Board, List
from piste.ui.pages import panels_for
from piste.ui.paths import resolve
from piste.ui.screen import Screen
from piste.ui.search import PERIODS


def spoken(screen: Screen, language: str, reader: Any) -> list[str]:
    """The screen's words in a language, in the same order in each."""
    with override(language):
        return [str(word) for word in _words(screen, reader)]


def _words(screen: Screen, reader: Any) -> Iterator[Any]:
    yield from (screen.label, screen.label_plural)
    yield from (resolve(screen.model, path).label for path in _named(screen))
    yield from (by.label(screen.model) for by in screen.search.group_by)
    yield from (item.label for item in screen.search.filters)
    yield from (label for label, _span in PERIODS.values())
    yield from LABELS.values()
    yield from (mode.label for mode in screen.modes)
    yield from (word for action in screen.actions for word in (action.label, action.done))
    yield from (title for title, _names in screen.page.groups)
    yield from (panel.label for panel in panels_for(screen.model(), reader))
    for form in (screen.form, *(action.form for action in screen.actions if action.form)):
        fields: dict[str, Any] = getattr(form, "base_fields", {})
        for field in fields.values():
            yield from (word for word in (field.label, field.help_text) if word)
    yield from _of_modes(screen)


def _named(screen: Screen) -> Iterator[str]:
    """The paths whose names are shown."""
    if table := screen.mode_of(List):
        yield from (*table.columns, *table.offered)
    yield from (*screen.search.builder, *screen.search.periods, *screen.page.paths())


def _of_modes(screen: Screen) -> Iterator[Any]:
    board, table = screen.mode_of(Board), screen.mode_of(List)
    if board:
        yield from (segment.label for segment in board.segments)
    for mode in (board, table):
        yield from (total.label(screen.model) for total in (mode.totals if mode else ()))
