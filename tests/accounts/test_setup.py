"""The first start."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from piste.accounts import setup
from piste.accounts.models import Company, Team, User
from piste.accounts.roles import Role
from piste.core.models import Operation
from piste.pipeline.models import LostReason, RecurringPlan, Stage

ASKED: dict[str, Any] = {
    "name": "Anne Le Goff",
    "email": "Anne@Atelier.example",
    "password": "a long walk by the sea",
    "company": {"name": "Atelier Breizh", "language": "fr", "country": "BE", "currency": "EUR"},
}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def token_of(path: str | None) -> str:
    assert path is not None
    return path.strip("/").rpartition("/")[2]


def test_gives_an_address_while_nobody_can_sign_in(db: None) -> None:
    assert setup.opens(token_of(setup.setup_path()))


def test_gives_none_once_somebody_can(anna: User) -> None:
    assert setup.setup_path() is None


def test_does_not_count_the_system_user(db: None) -> None:
    User.objects.create(email="system@piste.example", name="Piste", is_system=True)

    assert setup.setup_path() is not None


def test_voids_the_address_before(db: None) -> None:
    first = token_of(setup.setup_path())

    setup.setup_path()

    assert not setup.opens(first)


def test_keeps_only_a_hash_that_nobody_else_may_read(folder: Path, db: None) -> None:
    token = token_of(setup.setup_path())

    file = folder / "welcome"
    assert token not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


def test_makes_company_team_and_administrator(db: None) -> None:
    founder = setup.found(**ASKED)

    company, team = Company.get(), Team.objects.get()
    assert (company.name, company.country, company.time_zone) == ("Atelier Breizh", "BE", "Europe/Brussels")
    assert (founder.email, founder.role, founder.time_zone) == (
        "anne@atelier.example",
        Role.ADMINISTRATOR,
        "Europe/Brussels",
    )
    assert founder.check_password(ASKED["password"])
    assert (team.name, team.name_en, team.leader, list(team.members.all())) == (
        "Ventes",
        "Sales",
        founder,
        [founder],
    )


def test_fills_the_lists_of_the_pipeline(db: None) -> None:
    setup.found(**ASKED)

    stages = [(stage.name, stage.name_en, stage.is_won) for stage in Stage.objects.all()]
    assert stages == [
        ("Nouveau", "New", False),
        ("Qualifié", "Qualified", False),
        ("Proposition", "Proposition", False),
        ("Gagné", "Won", True),
    ]
    assert LostReason.objects.count() == 8
    assert [plan.months for plan in RecurringPlan.objects.all()] == [1, 12, 36, 60]


def test_is_one_entry_of_the_history(db: None) -> None:
    founder = setup.found(**ASKED)

    assert Operation.objects.get(command="company.found").by == founder


def test_happens_once(db: None) -> None:
    setup.found(**ASKED)

    with pytest.raises(setup.AlreadyFounded):
        setup.found(**ASKED | {"email": "mallory@evil.example"})

    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_lets_one_of_two_win() -> None:
    outcomes: list[str] = []

    def start(email: str) -> None:
        try:
            outcomes.append(setup.found(**ASKED | {"email": email}).email)
        except setup.AlreadyFounded:
            outcomes.append("too late")
        finally:
            connection.close()

    both = [threading.Thread(target=start, args=[f"{name}@atelier.example"]) for name in ("anne", "paul")]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(outcomes)[-1] == "too late"
    assert User.objects.count() == 1
    assert Stage.objects.count() == 4


def test_makes_the_company_for_a_command_too(db: None) -> None:
    setup.ensure_company(name="Atelier Breizh")
    setup.ensure_company(name="Another")

    assert Company.get().name == "Atelier Breizh"
    assert Stage.objects.count() == 4
