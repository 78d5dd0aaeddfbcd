"""Every registered screen keeps the promises, whoever declared it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP

from piste.accounts.models import User
from piste.pipeline.models import PipelineSettings
from piste.ui.modes import List, Mode
from piste.ui.screen import Action, Screen, screens
from piste.ui.testing import Visitor, sample
from piste.ui.testing import promises as promise
from piste.ui.testing.visiting import asked
from tests.conftest import NOON, Stages

SCREENS = list(screens())
MODES = [(screen, mode) for screen in SCREENS for mode in screen.modes]
ACTIONS = [(screen, action) for screen in SCREENS for action in screen.actions]

each_screen = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.slug)
each_screen_with_actions = pytest.mark.parametrize(
    "screen", [screen for screen in SCREENS if screen.actions], ids=lambda screen: screen.slug
)
each_mode = pytest.mark.parametrize(("screen", "mode"), MODES, ids=lambda x: getattr(x, "slug", x.name))
each_action = pytest.mark.parametrize(("screen", "action"), ACTIONS, ids=lambda x: getattr(x, "slug", x.name))


def guarded() -> Any:
    """A person with a second factor."""
    person = sample(User, 90)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    return person


#: Records in states that no action of their screen leads to.
SPECIAL: dict[str, tuple[Callable[[], Any], ...]] = {"users": (guarded,)}


def in_every_state(anyone: Visitor, screen: Screen) -> list[Any]:
    return promise.in_every_state(anyone, screen, [make() for make in SPECIAL.get(screen.slug, ())])


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Answers that are compared must not differ by the clock."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def anyone(stages: Stages, leads_on: PipelineSettings, ada: User) -> Visitor:
    """An administrator, who may do everything to every row."""
    return Visitor(ada)


@each_mode
def test_shows_any_number_of_rows_at_one_price(anyone: Visitor, screen: Screen, mode: Mode) -> None:
    promise.rows_cost_nothing_extra(anyone, screen, asked(screen.url, view=mode.name, f=""))


@each_screen
def test_shows_every_column_at_one_price(anyone: Visitor, screen: Screen) -> None:
    table = screen.mode_of(List)
    assert table is not None
    columns = ",".join(dict.fromkeys((*table.columns, *table.offered)))

    promise.rows_cost_nothing_extra(anyone, screen, asked(screen.url, view="list", f="", cols=columns))


@each_screen
def test_exports_any_number_of_rows_at_one_price(anyone: Visitor, screen: Screen) -> None:
    promise.rows_cost_nothing_extra(anyone, screen, asked(f"{screen.url}export/", format="csv", f=""))


@each_mode
def test_answers_every_question(anyone: Visitor, screen: Screen, mode: Mode) -> None:
    promise.make(screen, anyone, range(1, 4))

    promise.every_question_is_answered(anyone, screen, mode)


@each_screen
def test_sorts_by_every_column(anyone: Visitor, screen: Screen) -> None:
    table = screen.mode_of(List)
    assert table is not None
    promise.make(screen, anyone, range(1, 4))

    promise.every_order_works(anyone, screen, (*table.columns, *table.offered))


@each_screen
def test_finds_by_name(anyone: Visitor, screen: Screen) -> None:
    promise.finds_by_name(anyone, screen)


@each_screen
def test_gives_nothing_without_permission(anyone: Visitor, outsider: User, screen: Screen) -> None:
    record = sample(screen.model, owner=anyone.user)

    promise.nothing_without_permission(Visitor(outsider), screen, record)


@each_screen
def test_shows_no_trace_of_hidden_rows(anyone: Visitor, screen: Screen) -> None:
    promise.hidden_rows_leave_no_trace(anyone, screen)


@each_screen
def test_gives_parts_and_pages_that_can_be_heard(anyone: Visitor, screen: Screen) -> None:
    record = promise.make(screen, anyone, range(1, 4))[0]

    for address in (*promise.pages(screen), f"{screen.url}{record.pk}/", f"{screen.url}{record.pk}/edit/"):
        promise.one_heading_and_every_control_named(anyone, address)
    for action in screen.actions:
        promise.one_heading_and_every_control_named(
            anyone, f"{screen.url}{record.pk}/do/{action.name}/", dialog=True
        )


@each_action
def test_acts_only_where_it_applies(anyone: Visitor, screen: Screen, action: Action) -> None:
    records = in_every_state(anyone, screen)

    promise.acts_only_where_it_applies(anyone, screen, action, records)


@each_screen_with_actions
def test_acts_on_all_or_none(anyone: Visitor, screen: Screen) -> None:
    records = in_every_state(anyone, screen)

    for action in screen.actions:
        fits = next(record for record in records if action.offered_for(record))
        for unfit in (record for record in records if action.bulk and not action.offered_for(record)):
            promise.acts_on_all_or_none(anyone, screen, action, fits, unfit)


@each_screen_with_actions
def test_takes_back_what_it_did(anyone: Visitor, screen: Screen) -> None:
    records = in_every_state(anyone, screen)

    for action in screen.actions:
        for record in filter(action.offered_for, records):
            promise.undo_takes_it_back(
                anyone,
                screen.model,
                lambda: promise.act(anyone, screen, action, record),  # noqa: B023
            )


@each_screen
def test_takes_back_what_was_written(anyone: Visitor, screen: Screen) -> None:
    one, other = promise.make(screen, anyone, range(1, 3))
    shown = promise.form_values(screen, other, anyone.user)
    own = promise.form_values(screen, one, anyone.user)
    writes = [
        (f"{screen.url}new/", shown | {"name": "Written", "email": "written@example.com"}),
        (f"{screen.url}{one.pk}/edit/", own | {"name": "Other", "email": "other@example.com"}),
        *((f"{screen.url}{one.pk}/cell/{name}/", {name: shown.get(name, "")}) for name in screen.cells),
    ]

    changed = [
        promise.undo_takes_it_back(anyone, screen.model, lambda to=to, sent=sent: anyone.post(to, sent))
        for to, sent in writes
    ]

    assert changed[:2] == [True, True]
    assert sum(changed) > 2
