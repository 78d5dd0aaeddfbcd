"""A slip of the pen in a screen is found when the program starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.checks import registry, run_checks
from django.db.models import Q

from piste.contacts.screens import customers, tags
from piste.pipeline.screens import opportunities
from piste.ui import screen as registered
from piste.ui.checks import check_screens
from piste.ui.modes import Board, List
from piste.ui.screen import Action, Screen
from piste.ui.search import Filter, Search


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registered, "_screens", {})
    yield


def complaints(screen: Screen, **changes: Any) -> list[str]:
    """The ids of what is wrong with the screen after some changes, each once."""
    registered.register(replace(screen, **changes))
    return sorted({str(complaint.id) for complaint in check_screens()})


def table(**changes: Any) -> tuple[List, ...]:
    mode = tags.mode_of(List)
    assert mode is not None
    return (replace(mode, **changes),)


def test_finds_nothing_wrong_with_what_is_right() -> None:
    assert complaints(tags) == []


def test_is_asked_at_every_start() -> None:
    assert check_screens in registry.registry.get_checks()
    registered.register(replace(tags, search=Search(text=("colur",))))

    assert "ui.E001" in {complaint.id for complaint in run_checks()}


@pytest.mark.parametrize(
    "changes",
    [
        {"search": Search(text=("nom",))},
        {"search": Search(builder=("team__chef",))},
        {"search": Search(periods=("created",))},
        {"modes": table(columns=("name", "shade"))},
        {"modes": table(offered=("shade",))},
        {"modes": table(order=("-shade", "id"))},
        {"modes": table(sort_by=(("team", "team__title"),))},
        {"page": replace(tags.page, groups=(("Details", ("shade",)),))},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_finds_a_path_that_is_not_there(changes: dict[str, Any]) -> None:
    assert "ui.E001" in complaints(tags, **changes)


def test_finds_a_model_that_cannot_be_narrowed() -> None:
    found = complaints(tags, model=Session, modes=(), search=Search(), page=replace(tags.page, groups=()))

    assert "ui.E002" in found


def test_finds_a_model_that_nobody_is_granted() -> None:
    assert "ui.E003" in complaints(tags, model=Session)


def test_finds_a_method_that_is_not_there() -> None:
    board = opportunities.mode_of(Board)
    assert board is not None and board.group_by is not None
    lost_way = replace(board, group_by=replace(board.group_by, move="carry_to"))

    assert complaints(tags, actions=(Action("paint", "Paint", "Painted."),)) == ["ui.E004"]
    assert complaints(opportunities, modes=(lost_way,)) == ["ui.E004"]


@pytest.mark.parametrize("name", ["archived", "description_en"])
def test_finds_a_column_that_cannot_be_edited(name: str) -> None:
    assert complaints(tags, modes=table(editable=("name", name))) == ["ui.E005"]


def test_finds_a_name_that_is_given_twice() -> None:
    twice = Filter("kept", "Kept", Q())

    assert complaints(tags, search=Search(filters=(twice, twice))) == ["ui.E006"]


def test_finds_an_address_that_is_given_twice() -> None:
    registered.register(tags)

    assert complaints(customers, slug="tags") == ["ui.E007"]
