"""Who works at the sample company, and in which teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from piste.accounts.models import Company, Team, User
from piste.accounts.roles import Role
from piste.core.models import Colour

DOMAIN = "atelier-breizh.example"
COMPANY = {
    "name": "Atelier Breizh",
    "currency": "EUR",
    "language": "fr",
    "country": "FR",
    "time_zone": "Europe/Paris",
}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody on the staff; deals name them by their initials."""

    initials: str
    name: str
    email: str
    role: Role
    team: str = ""


STAFF = (
    Colleague("AL", "Anne Le Goff", f"anne.legoff@{DOMAIN}", Role.SALESPERSON_OWN, "Bretagne"),
    Colleague("PM", "Paul Morvan", f"paul.morvan@{DOMAIN}", Role.SALESPERSON_ALL, "Bretagne"),
    Colleague("LB", "Louise Bihan", f"louise.bihan@{DOMAIN}", Role.SALESPERSON_OWN, "Bretagne"),
    Colleague("YQ", "Yann Quéré", f"yann.quere@{DOMAIN}", Role.SALESPERSON_OWN, "Pays de la Loire"),
    Colleague("MK", "Marie Kervella", f"marie.kervella@{DOMAIN}", Role.MANAGER, "Bretagne"),
    Colleague("GO", "Gwenn Ollivier", f"gwenn.ollivier@{DOMAIN}", Role.ADMINISTRATOR),
)
LEADER, ADMINISTRATOR = "MK", "GO"
TEAMS = (
    ("Bretagne", "Brittany", Colour.BLUE),
    ("Pays de la Loire", "Loire", Colour.TEAL),
)
#: Those who are shown how to come in, one of each kind.
DOORS = (("Salesperson", "AL"), ("Manager", LEADER), ("Administrator", ADMINISTRATOR))


@dataclass(frozen=True, slots=True)
class Staff:
    """The people and teams as they are in the database, by initials and by name."""

    people: dict[str, User]
    teams: dict[str, Team]


def hire(*, at: datetime) -> Staff:
    """Make the company's people, who come in by one-time links, and their teams."""
    people = {one.initials: _hired(one, at=at) for one in STAFF}
    teams: dict[str, Team] = {}
    for place, (name, english, colour) in enumerate(TEAMS, start=1):
        team = Team.objects.create(
            name=name, name_en=english, colour=colour, position=place * 10, leader=people[LEADER]
        )
        team.members.add(*(people[one.initials] for one in STAFF if one.team == name))
        teams[name] = team
    return Staff(people, teams)


def _hired(one: Colleague, *, at: datetime) -> User:
    return User.objects.create_person(email=one.email, name=one.name, role=one.role, joined_at=at)


def people() -> list[tuple[str, User]]:
    """A salesperson, a manager and an administrator of the sample company, where it is loaded."""
    if not Company.get().sample:
        return []
    emails = {one.initials: one.email for one in STAFF}
    found = {user.email: user for user in User.objects.working().filter(email__in=emails.values())}
    return [(label, found[emails[who]]) for label, who in DOORS if emails[who] in found]
