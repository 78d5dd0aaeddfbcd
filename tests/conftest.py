"""The people in tests, where they work, the stages they sell through, and the database of a test run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import connections

from piste.accounts.models import Team, User
from piste.accounts.roles import Role
from piste.core import database
from piste.core.models import Colour
from piste.pipeline.models import LeadUse, PipelineSettings, Stage
from tests import factories

#: A Wednesday, at noon in Greenwich.
NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)


def pytest_configure() -> None:
    """Give the run a database server of its own; a DATABASE_URL from outside wins."""
    if database.is_embedded():
        # Before pytest-xdist starts its workers, which find the address in their environment.
        connections.settings["default"].update(database.settings_for_django(database.for_tests()))


@dataclass(frozen=True, slots=True)
class Stages:
    """The four stages of a plain pipeline."""

    new: Stage
    qualified: Stage
    proposition: Stage
    won: Stage


@pytest.fixture
def stages(db: None) -> Stages:
    return Stages(
        new=factories.stage("Nouveau", name_en="New", position=10, colour=Colour.GREY),
        qualified=factories.stage("Qualifié", name_en="Qualified", position=20, colour=Colour.BLUE),
        proposition=factories.stage("Proposition", position=30, colour=Colour.VIOLET),
        won=factories.stage("Gagné", name_en="Won", position=40, colour=Colour.GREEN, is_won=True),
    )


@pytest.fixture
def leads_on(db: None) -> PipelineSettings:
    """The company works with leads."""
    made = PipelineSettings(pk=PipelineSettings.ONLY, leads=LeadUse.ON)
    made.save()
    return made


@pytest.fixture
def lena(db: None) -> User:
    """Leads the team North and sees everybody's deals."""
    return factories.user("Lena Guillou", role=Role.SALESPERSON_ALL)


@pytest.fixture
def north(lena: User) -> Team:
    return factories.team("Nord", lena, name_en="North", position=10, leader=lena)


@pytest.fixture
def south(db: None) -> Team:
    return factories.team("Sud", name_en="South", position=20)


@pytest.fixture
def anna(north: Team) -> User:
    """Sells in the team North."""
    return factories.user("Anna Kerbrat", team=north)


@pytest.fixture
def ben(north: Team) -> User:
    """Sells beside Anna."""
    return factories.user("Ben Morvan", team=north)


@pytest.fixture
def cora(south: Team) -> User:
    """Sells in the team South."""
    return factories.user("Cora Bihan", team=south)


@pytest.fixture
def max_(db: None) -> User:
    """Manages sales."""
    return factories.user("Max Quéré", role=Role.MANAGER)


@pytest.fixture
def ada(db: None) -> User:
    """Administers."""
    return factories.user("Ada Riou", role=Role.ADMINISTRATOR)


@pytest.fixture
def outsider(db: None) -> User:
    """May sign in and has no business here."""
    return factories.user("Olaf Person", role="")
