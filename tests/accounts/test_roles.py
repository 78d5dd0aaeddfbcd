"""What each role may do."""

from __future__ import annotations

from itertools import pairwise

import pytest
from pytest_django import DjangoAssertNumQueries

from piste.accounts.models import Membership, Team, User
from piste.accounts.roles import Role, permissions_of
from tests.factories import team, user

VERBS = ("view", "add", "change", "delete")


def test_each_may_do_all_that_the_one_before_may() -> None:
    steps = [permissions_of(role) for role in Role]

    assert all(before < step for before, step in pairwise(steps))


@pytest.mark.parametrize("role", ["", "chief", "Manager"])
def test_an_unknown_one_may_do_nothing(role: str) -> None:
    assert permissions_of(role) == frozenset()


@pytest.mark.parametrize(
    ("permission", "first"),
    [
        ("pipeline.add_opportunity", Role.SALESPERSON_OWN),
        ("pipeline.all_deals", Role.SALESPERSON_ALL),
        ("pipeline.delete_opportunity", Role.MANAGER),
        ("pipeline.delete_lead", Role.MANAGER),
        ("pipeline.change_stage", Role.MANAGER),
        ("pipeline.add_lostreason", Role.MANAGER),
        ("contacts.change_contact", Role.SALESPERSON_OWN),
        ("contacts.delete_contact", Role.MANAGER),
        ("contacts.add_tag", Role.SALESPERSON_OWN),
        ("accounts.view_team", Role.SALESPERSON_OWN),
        ("accounts.change_team", Role.MANAGER),
        ("accounts.undo_others", Role.MANAGER),
        ("ui.share_searches", Role.MANAGER),
        ("accounts.add_user", Role.ADMINISTRATOR),
        ("accounts.change_company", Role.ADMINISTRATOR),
    ],
)
def test_a_right_begins_with_a_role(permission: str, first: Role) -> None:
    holders = [role for role in Role if permission in permissions_of(role)]

    assert holders == list(Role)[list(Role).index(first) :]


def test_nobody_deletes_people() -> None:
    assert not any("accounts.delete_user" in permissions_of(role) for role in Role)


def test_somebody_deactivated_may_do_nothing(ada: User) -> None:
    ada.is_active = False

    assert not ada.has_perm("accounts.view_user")


def test_a_right_of_a_role_needs_no_query(
    ada: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert ada.has_perms(["accounts.change_company", "pipeline.delete_lead"])


@pytest.mark.parametrize(
    ("role", "people", "teams"),
    [
        ("", (), ()),
        ("salesperson-own", ("view",), ("view",)),
        ("salesperson-all", ("view",), ("view",)),
        ("manager", ("view",), VERBS),
        ("administrator", ("view", "add", "change"), VERBS),
    ],
)
def test_people_and_teams_are_seen_by_all_in_sales(
    db: None, role: str, people: tuple[str, ...], teams: tuple[str, ...]
) -> None:
    team("Nord")
    who = user(role=role)

    assert tuple(verb for verb in VERBS if User.objects.for_user(who, verb).exists()) == people
    assert tuple(verb for verb in VERBS if Team.objects.for_user(who, verb).exists()) == teams


def test_the_system_itself_is_seen_by_nobody(ada: User) -> None:
    user("Piste", is_system=True)

    assert list(User.objects.for_user(ada)) == [ada]


def test_the_main_team_is_the_first_one_led_or_joined(db: None) -> None:
    joined = team("Ouest", position=2)
    nolwenn = user("Nolwenn Bris", team=joined)
    assert nolwenn.main_team() == joined

    led = team("Îles", position=1, leader=nolwenn)

    assert nolwenn.main_team() == led


def test_nobody_is_twice_in_a_team(db: None) -> None:
    west = team("Ouest")
    nolwenn = user("Nolwenn Bris", team=west)

    west.members.add(nolwenn)

    assert Membership.objects.filter(user=nolwenn).count() == 1
