"""The company that files are imported into: its people, stages and lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from piste.accounts.models import Membership, Team, User
from piste.accounts.roles import Role
from piste.contacts.models import Contact, Tag
from piste.pipeline.models import LostReason, Stage

Write: TypeAlias = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of the given text."""

    def written(text: str) -> Path:
        path = tmp_path / "rows.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def person(name: str, role: Role, team: Team | None = None, language: str = "en") -> User:
    user = User(email=f"{name.lower()}@piste.example", name=f"{name} Martin", role=role, language=language)
    user.set_unusable_password()
    user.save()
    if team is not None:
        Membership.objects.create(user=user, team=team)
    return user


@pytest.fixture
def north(db: None) -> Team:
    return Team.objects.create(name="Nord", name_en="North")


@pytest.fixture
def anna(north: Team) -> User:
    return person("Anna", Role.SALESPERSON_OWN, north)


@pytest.fixture
def ben(north: Team) -> User:
    return person("Ben", Role.SALESPERSON_ALL, north)


@pytest.fixture
def max(north: Team) -> User:
    return person("Max", Role.MANAGER)


@pytest.fixture
def pipeline(db: None) -> dict[str, Stage]:
    """New, Proposal, Won and their French names, a lost reason, a tag and a customer."""
    Stage.objects.all().delete()
    stages = {
        "new": Stage.objects.create(name="Nouveau", name_en="New", position=1),
        "proposal": Stage.objects.create(name="Proposition", name_en="Proposal", position=2),
        "won": Stage.objects.create(name="Gagné", name_en="Won", position=9, is_won=True),
    }
    LostReason.objects.get_or_create(name="Trop cher", defaults={"name_en": "Too expensive"})
    Tag.objects.get_or_create(name="VIP")
    Contact.objects.create(name="Société Étoile", email="hello@etoile.example")
    return stages
