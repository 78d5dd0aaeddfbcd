"""Rows for tests: say what the test is about, the rest is given."""

from __future__ import annotations

from itertools import count
from typing import Any

from piste.accounts.models import Team, User
from piste.accounts.roles import Role
from piste.contacts.models import Contact, Source, Tag
from piste.pipeline.models import Lead, LostReason, Opportunity, RecurringPlan, Stage

_numbers = count(1)


def user(
    name: str = "Sam Salaün", *, role: str = Role.SALESPERSON_OWN, team: Team | None = None, **fields: Any
) -> User:
    """Somebody who works here and has no password."""
    fields.setdefault("email", f"{name.split(maxsplit=1)[0].lower()}.{next(_numbers)}@piste.example")
    fields.setdefault("language", "en")
    made = User(name=name, role=role, **fields)
    made.set_unusable_password()
    made.save()
    if team is not None:
        team.members.add(made)
    return made


def team(name: str = "Ouest", *members: User, **fields: Any) -> Team:
    made: Team = Team.objects.create(name=name, **fields)
    made.members.add(*members)
    return made


def stage(name: str = "", **fields: Any) -> Stage:
    """A stage; without a place it comes after those that are there."""
    fields.setdefault("position", 10 * (Stage.objects.count() + 1))
    made: Stage = Stage.objects.create(name=name or f"Étape {next(_numbers)}", **fields)
    return made


def deal(name: str = "Site vitrine", **fields: Any) -> Opportunity:
    """An opportunity, in the first stage unless another is named."""
    _ensure_stage()
    made: Opportunity = Opportunity.objects.create(name=name, **fields)
    return made


def lead(name: str = "Demande de devis", **fields: Any) -> Lead:
    _ensure_stage()
    made: Lead = Lead.objects.create(name=name, **fields)
    return made


def _ensure_stage() -> None:
    if not Stage.objects.exists():
        stage("Nouveau", name_en="New")


def company(name: str = "Armor Conserves", **fields: Any) -> Contact:
    made: Contact = Contact.objects.create(name=name, kind=Contact.Kind.COMPANY, **fields)
    return made


def person(name: str = "Hervé Tanguy", **fields: Any) -> Contact:
    made: Contact = Contact.objects.create(name=name, kind=Contact.Kind.PERSON, **fields)
    return made


def tag(name: str = "", **fields: Any) -> Tag:
    made: Tag = Tag.objects.create(name=name or f"Étiquette {next(_numbers)}", **fields)
    return made


def source(name: str = "", **fields: Any) -> Source:
    made: Source = Source.objects.create(name=name or f"Source {next(_numbers)}", **fields)
    return made


def lost_reason(name: str = "", **fields: Any) -> LostReason:
    made: LostReason = LostReason.objects.create(name=name or f"Motif {next(_numbers)}", **fields)
    return made


def recurring_plan(name: str = "", *, months: int = 12, **fields: Any) -> RecurringPlan:
    made: RecurringPlan = RecurringPlan.objects.create(
        name=name or f"Plan {next(_numbers)}", months=months, **fields
    )
    return made
