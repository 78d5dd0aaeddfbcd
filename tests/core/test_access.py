"""The gate: what grants and limits add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db.models import Q

from piste.accounts.models import Team, User
from piste.core import access
from piste.core.access import grant, has_rules, limit, permission, rows_for
from tests.factories import team

ANYBODY = "accounts.reach"
NOBODY = "accounts.fly"


@pytest.fixture(autouse=True)
def _no_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test makes its own rules about teams."""
    rules = type(access._rules)(list)
    monkeypatch.setattr(access, "_rules", rules)
    yield


@pytest.fixture
def seen(anna: User) -> Callable[..., set[str]]:
    """The names of the teams that Anna reaches."""
    team("Red")
    team("Blue")
    teams = Team.objects.exclude(name="Nord")
    return lambda verb="view": {one.name for one in teams.for_user(anna, verb)}


Seen = Callable[..., set[str]]


def test_shows_nothing_without_a_rule(seen: Seen) -> None:
    assert not has_rules(Team)
    assert seen() == set()


def test_shows_nothing_to_who_lacks_the_permission_of_the_rule(seen: Seen) -> None:
    grant(Team, NOBODY, lambda user: Q())

    assert seen() == set()


def test_shows_nothing_to_who_lacks_the_verb(seen: Seen) -> None:
    grant(Team, ANYBODY, lambda user: Q())

    assert seen("view") == {"Red", "Blue"}
    assert seen("delete") == set()


def test_adds_grants(seen: Seen) -> None:
    grant(Team, ANYBODY, lambda user: Q(name="Red"))
    grant(Team, ANYBODY, lambda user: Q(name="Blue"))

    assert seen() == {"Red", "Blue"}


def test_lets_an_open_grant_win_in_any_order(seen: Seen) -> None:
    grant(Team, ANYBODY, lambda user: Q())
    grant(Team, ANYBODY, lambda user: Q(name="Blue"))

    assert seen() == {"Red", "Blue"}


def test_narrows_by_limits(seen: Seen) -> None:
    grant(Team, ANYBODY, lambda user: Q())
    limit(Team, lambda user: ~Q(name="Red"))
    limit(Team, lambda user: ~Q(name="Green"))

    assert seen() == {"Blue"}


def test_opens_nothing_by_a_limit_alone(seen: Seen) -> None:
    limit(Team, lambda user: Q())

    assert seen() == set()


def test_keeps_a_grant_to_its_verbs(anna: User, max_: User, north: Team) -> None:
    grant(Team, ANYBODY, lambda user: Q(), "view")

    assert Team.objects.for_user(max_, "view").exists()
    assert not Team.objects.for_user(max_, "change").exists()


def test_counts_a_row_once_over_a_to_many_relation(anna: User, ben: User, north: Team) -> None:
    grant(Team, ANYBODY, lambda user: Q(members__is_active=True), to_many=True)

    assert list(Team.objects.for_user(anna)) == [north]


def test_asks_about_the_person(anna: User, cora: User, south: Team) -> None:
    grant(Team, ANYBODY, lambda user: Q(members=user), to_many=True)

    assert list(Team.objects.for_user(cora)) == [south]


def test_adds_nothing_to_the_query_where_all_is_open(anna: User, north: Team) -> None:
    grant(Team, ANYBODY, lambda user: Q())

    assert str(Team.objects.for_user(anna).query) == str(Team.objects.all().query)


def test_shuts_out_who_is_not_active(anna: User, north: Team) -> None:
    grant(Team, ANYBODY, lambda user: Q())
    anna.is_active = False

    assert rows_for(Team, anna, "view") is None


def test_names_a_permission_by_the_model() -> None:
    assert permission(Team, "change") == "accounts.change_team"
