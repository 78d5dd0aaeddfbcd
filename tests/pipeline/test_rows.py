"""Which deals and lists whom the roles let see and change."""

from __future__ import annotations

import pytest

from piste.accounts.models import User
from piste.pipeline.models import Lead, LostReason, Opportunity, RecurringPlan, Stage
from tests.conftest import Stages
from tests.factories import deal, lead, lost_reason, recurring_plan, user

VERBS = ("view", "add", "change", "delete")


@pytest.fixture
def _deals(anna: User, ben: User, cora: User, stages: Stages) -> None:
    for name, owner in [("Anna’s", anna), ("Ben’s", ben), ("Cora’s", cora), ("Nobody’s", None)]:
        deal(name, owner=owner)
        lead(name, owner=owner)


def names(who: User, verb: str = "view") -> set[str]:
    seen = {one.name for one in Opportunity.objects.for_user(who, verb)}
    assert seen == {one.name for one in Lead.objects.for_user(who, verb)}
    return seen


@pytest.mark.usefixtures("_deals")
@pytest.mark.parametrize("verb", ["view", "add", "change"])
class TestDeals:
    def test_of_a_salesperson_are_their_own_and_nobodys(self, anna: User, verb: str) -> None:
        assert names(anna, verb) == {"Anna’s", "Nobody’s"}

    def test_of_a_salesperson_for_all_are_all(self, lena: User, verb: str) -> None:
        assert names(lena, verb) == {"Anna’s", "Ben’s", "Cora’s", "Nobody’s"}

    def test_of_a_manager_are_all(self, max_: User, verb: str) -> None:
        assert names(max_, verb) == {"Anna’s", "Ben’s", "Cora’s", "Nobody’s"}

    def test_of_an_administrator_are_all(self, ada: User, verb: str) -> None:
        assert names(ada, verb) == {"Anna’s", "Ben’s", "Cora’s", "Nobody’s"}

    def test_of_an_outsider_are_none(self, outsider: User, verb: str) -> None:
        assert names(outsider, verb) == set()

    def test_of_somebody_deactivated_are_none(self, lena: User, verb: str) -> None:
        lena.is_active = False

        assert names(lena, verb) == set()


@pytest.mark.usefixtures("_deals")
def test_only_managers_and_administrators_delete_deals(anna: User, lena: User, max_: User, ada: User) -> None:
    assert names(anna, "delete") == names(lena, "delete") == set()
    assert len(names(max_, "delete")) == len(names(ada, "delete")) == 4


@pytest.mark.parametrize("model", [Stage, LostReason, RecurringPlan])
@pytest.mark.parametrize(
    ("role", "verbs"),
    [
        ("", ()),
        ("salesperson-own", ("view",)),
        ("salesperson-all", ("view",)),
        ("manager", VERBS),
        ("administrator", VERBS),
    ],
)
def test_lists_are_read_by_salespeople_and_kept_by_managers(
    stages: Stages, model: type[Stage], role: str, verbs: tuple[str, ...]
) -> None:
    lost_reason()
    recurring_plan()
    who = user(role=role)

    assert tuple(verb for verb in VERBS if model.objects.for_user(who, verb).exists()) == verbs
