"""What people see and do with colleagues and teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from piste.accounts.forms import TakeAwayFactorsForm, TeamForm, UserForm
from piste.accounts.links import password_link
from piste.accounts.models import Team, User
from piste.ui.aggregate import GroupBy
from piste.ui.formats import initials
from piste.ui.modes import Board, List, Printing
from piste.ui.pages import Figure, Head, Page, Panel, add_panel
from piste.ui.screen import Action, Screen, register
from piste.ui.search import Filter, Search


def person_head(person: User, _user: User, _currency: str) -> Head:
    figures = (
        Figure(gettext("Role"), person.get_role_display()),
        Figure(gettext("E-mail"), person.email),
        Figure(gettext("Teams"), ", ".join(str(team) for team in person.teams.all()) or "—"),
    )
    return Head([], ribbon="" if person.is_active else "archived", figures=figures)


def team_head(team: Team, _user: User, _currency: str) -> Head:
    return Head([], ribbon="archived" if team.archived else "")


def has_no_password(person: User) -> bool:
    return person.is_active and not person.has_usable_password()


DOOR = (
    Action(
        "invite",
        _("Send the invitation again"),
        _("Invitation to %(record)s sent."),
        icon="mail",
        final=True,
        offered=has_no_password,
    ),
    Action(
        "deactivate",
        _("Deactivate"),
        _("%(record)s can no longer sign in."),
        bulk=True,
        icon="lock",
        tone="danger",
        offered=lambda person: person.is_active,
    ),
    Action(
        "take-away-factors",
        _("Take away second factors"),
        _("%(record)s signs in with the password alone."),
        form=TakeAwayFactorsForm,
        method="take_away_factors",
        icon="key-round",
        tone="danger",
        final=True,
        offered=lambda person: person.has_factors(),
    ),
    Action(
        "reactivate",
        _("Reactivate"),
        _("%(record)s can sign in again."),
        bulk=True,
        icon="lock-open",
        offered=lambda person: not person.is_active,
    ),
)

PERSON_COLUMNS = ("name", "email", "role", "is_active")
people = register(
    Screen(
        model=User,
        slug="users",
        icon="user",
        form=UserForm,
        search=Search(
            text=("name", "email"),
            filters=(
                Filter("active", _("Can sign in"), Q(is_active=True), group="active", default=True),
                Filter("deactivated", _("Deactivated"), Q(is_active=False), group="active"),
            ),
            group_by=(GroupBy("role"), GroupBy("language")),
            builder=("name", "email", "role", "is_active", "language"),
        ),
        modes=(
            List(
                columns=PERSON_COLUMNS,
                offered=("language", "time_zone", "joined_at", "last_login"),
                editable=("name", "role"),
                order=("name", "id"),
            ),
        ),
        page=Page(
            head=person_head,
            groups=((_("Details"), ("time_zone", "joined_at", "last_login")),),
        ),
        actions=DOOR,
        deletable=False,
    )
)  # fmt: skip


def door(person: User, _user: User) -> dict[str, Any]:
    """The link to hand over where no mail arrives."""
    shown = person.is_active and not person.is_system
    link = f"{settings.BASE_URL}{password_link(person)}" if shown else ""
    return {"link": link, "person": person, "invited": not person.has_usable_password()}


add_panel(User, Panel("door", _("Access"), "accounts/door.html", door, perm="accounts.administer"))


@dataclass(frozen=True, slots=True)
class TeamCard:
    """A team as a card shows it."""

    pk: int
    url: str
    name: str
    colour: str
    leader: str
    members: list[tuple[str, str, int]]
    more: int


def team_card(row: Any, members: Sequence[User], _printing: Printing) -> TeamCard:
    """The card of a team, from the board's columns and the team's people."""
    people = [(initials(person.name), person.name, person.pk % 8) for person in members]
    return TeamCard(
        pk=row.id,
        url=f"/teams/{row.id}/",
        name=str(Team(name=row.name, name_en=row.name_en)),
        colour=row.colour,
        leader=row.leader__name or "",
        members=people[:8],
        more=max(0, len(people) - 8),
    )


in_use = Filter("in-use", _("In use"), Q(archived=False), group="archived", default=True)
archived = Filter("archived", pgettext_lazy("several", "Archived"), Q(archived=True), group="archived")
TEAM_FACTS = ("name", "name_en", "leader", "members", "colour", "position", "archived")

teams = register(
    Screen(
        model=Team,
        slug="teams",
        icon="users",
        keys="g t",
        form=TeamForm,
        search=Search(
            text=("name", "name_en"), filters=(in_use, archived), builder=("name", "leader", "members")
        ),
        modes=(
            Board(
                group_by=None,
                card=team_card,
                card_template="accounts/team_card.html",
                columns=("name", "name_en", "colour", "leader__name", "position"),
                linked="members",
                order=("position", "id"),
            ),
            List(
                columns=("name", "leader", "members", "colour", "position"),
                offered=("name_en", "archived"),
                editable=("name", "name_en", "leader", "colour", "position"),
                order=("position", "id"),
                sort_by=(("leader", "leader__name"),),
                muted="archived",
            ),
        ),
        page=Page(head=team_head, groups=((_("Team"), TEAM_FACTS),)),
    )
)
