"""Teams: who sells together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from piste.accounts.models import Company, Membership, Team, User

SignIn = Callable[[User], Client]


@pytest.fixture
def team(company: Company, anna: User) -> Team:
    team = Team.objects.create(name="Bretagne", leader=anna, colour="teal")
    Membership.objects.create(team=team, user=anna)
    return team


def test_are_cards_with_their_people(signed_in: SignIn, anna: User, team: Team) -> None:
    page = signed_in(anna).get("/teams/").content.decode()

    assert "Bretagne" in page
    assert "led by Anna Kerbrat" in page


def test_are_a_list_too(signed_in: SignIn, anna: User, team: Team) -> None:
    assert "Bretagne" in signed_in(anna).get("/teams/?view=list").content.decode()


def test_are_put_together_by_managers(signed_in: SignIn, max_: User, anna: User) -> None:
    asked = {
        "name": "Loire",
        "leader": anna.pk,
        "members": [anna.pk, max_.pk],
        "colour": "green",
        "position": 20,
    }

    signed_in(max_).post("/teams/new/", asked)

    team = Team.objects.get(name="Loire")
    assert team.leader == anna
    assert set(team.members.all()) == {anna, max_}


def test_are_not_changed_by_salespeople(signed_in: SignIn, anna: User, team: Team) -> None:
    response = signed_in(anna).post(
        f"/teams/{team.pk}/edit/", {"name": "Mine", "colour": "red", "position": 1}
    )

    team.refresh_from_db()
    assert response.status_code == 403
    assert team.name == "Bretagne"


def test_do_not_offer_the_deactivated(signed_in: SignIn, max_: User, anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(is_active=False)

    page = signed_in(max_).get("/teams/new/").content.decode()

    assert "Anna Kerbrat" not in page
