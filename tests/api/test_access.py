"""Nobody reaches through the API what the pages do not let them reach."""

from __future__ import annotations

from typing import Any

import pytest

from piste.accounts.models import User
from piste.api.resources import resources
from piste.core.models import Operation
from piste.pipeline.models import Deal, Opportunity
from tests import factories
from tests.conftest import Stages

from .conftest import Programs, problem, told

SECRET = "Contrat secret 987654321"
RESOURCES = [resource for resource in resources() if not resource.read_only]


@pytest.fixture
def hidden(stages: Stages, ben: User) -> Opportunity:
    """A deal of Ben's, which Anna, who sees her own, cannot reach."""
    return factories.deal(SECRET, owner=ben, expected_revenue=987654321)


def bare(answer: Any) -> Any:
    """An answer without what differs between any two."""
    return (answer.status_code, answer.content)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "Mine"}),
        ("PATCH", "", {"nonsense": 1}),
        *(("POST", f"/{action}", {}) for action in ("win", "lose", "reopen", "archive", "unarchive")),
        ("POST", "/move", {"stage": 1}),
    ],
)
def test_what_is_out_of_reach_does_not_exist(
    method: str, path: str, body: Any, program: Programs, anna: User, hidden: Opportunity
) -> None:
    asking = program(anna)

    there = asking.send(method, f"/opportunities/{hidden.pk}{path}", body)
    nowhere = asking.send(method, f"/opportunities/{10**9}{path}", body)

    problem(there, 404, "not-found")
    assert bare(there) == bare(nowhere)
    hidden.refresh_from_db()
    assert (hidden.name, hidden.status) == (SECRET, "open")


@pytest.mark.parametrize(
    "query",
    [
        "", "q=secret", "f=open", "w=expected_revenue~gte~900000000", "w=name~contains~secret", "o=-expected_revenue",
        "w=owner~is~{owner}",
    ],
)  # fmt: skip
def test_lists_neither_show_nor_count_it(
    query: str, program: Programs, anna: User, hidden: Opportunity
) -> None:
    factories.deal("Site vitrine", owner=anna)
    asking = program(anna)
    path = f"/opportunities?{query.format(owner=hidden.owner_id)}"

    before = told(asking.get(path))
    Opportunity.objects.filter(pk=hidden.pk).update(name="Other", expected_revenue=1)
    after = told(asking.get(path))

    assert SECRET not in str(before)
    assert before["count"] == len(before["results"])
    assert before == after


def test_acting_on_many_leaves_it_out(program: Programs, anna: User, hidden: Opportunity) -> None:
    own = factories.deal("Site vitrine", owner=anna)

    done = told(program(anna).post("/opportunities/win", {"ids": [own.pk, hidden.pk]}))

    assert done["ids"] == [own.pk]
    hidden.refresh_from_db()
    assert hidden.status == "open"


def test_others_see_it_by_their_role(
    program: Programs, ben: User, lena: User, max_: User, hidden: Opportunity
) -> None:
    for person in (ben, lena, max_):
        assert told(program(person).get(f"/opportunities/{hidden.pk}"))["name"] == SECRET


def test_nobody_creates_for_somebody_else_beyond_reach(
    program: Programs, anna: User, ben: User, stages: Stages
) -> None:
    problem(program(anna).post("/opportunities", {"name": "Cadeau", "owner": ben.pk}), 409, "refused")

    assert not Opportunity.objects.exists()


def test_giving_a_deal_away_answers_without_it(
    program: Programs, anna: User, ben: User, stages: Stages
) -> None:
    deal = factories.deal("Site vitrine", owner=anna)

    done = told(program(anna).patch(f"/opportunities/{deal.pk}", {"owner": ben.pk}))

    assert set(done) == {"id", "operation", "message"}
    problem(program(anna).get(f"/opportunities/{deal.pk}"), 404, "not-found")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.slug)
def test_verbs_follow_the_role(
    resource: Any, program: Programs, anna: User, max_: User, stages: Stages
) -> None:
    made = told(program(max_).post(f"/{resource.slug}", {"name": "Écume"}), 201)
    if resource.slug in ("opportunities", "leads"):
        Deal.objects.filter(pk=made["id"]).update(owner=anna)
    asking, screen = program(anna), resource.screen

    tried = {
        "add": asking.post(f"/{resource.slug}", {"name": "Embrun"}),
        "change": asking.patch(f"/{resource.slug}/{made['id']}", {"name": "Brume"}),
        "delete": asking.delete(f"/{resource.slug}/{made['id']}"),
    }

    for verb, answer in tried.items():
        if screen.may(anna, verb):
            assert answer.status_code in (200, 201)
        else:
            problem(answer, 403, "forbidden")


def test_somebody_without_a_role_gets_nothing(program: Programs, outsider: User, stages: Stages) -> None:
    for resource in resources():
        problem(program(outsider).get(f"/{resource.slug}"), 403, "forbidden")
        problem(program(outsider).get(f"/{resource.slug}/1"), 403, "forbidden")


def test_relations_offer_only_what_is_in_reach(program: Programs, anna: User, stages: Stages) -> None:
    system = factories.user("System", is_system=True)

    found = problem(
        program(anna).post("/opportunities", {"name": "Site", "owner": system.pk}), 422, "invalid"
    )

    assert list(found["errors"]) == ["owner"]


def test_names_nothing_out_of_reach(program: Programs, max_: User, stages: Stages) -> None:
    system = factories.user("System", is_system=True)
    deal = factories.deal(owner=system)

    record = told(program(max_).get(f"/opportunities/{deal.pk}"))

    assert (record["owner"], record["names"]["owner"]) == (system.pk, None)


def test_operations_are_ones_own(
    program: Programs, anna: User, ben: User, max_: User, stages: Stages
) -> None:
    done = told(program(anna).post("/opportunities", {"name": "Site vitrine"}), 201)["operation"]

    assert told(program(anna).get(f"/operations/{done}"))["command"] == "opportunity.create"
    for person in (ben, max_):
        problem(program(person).get(f"/operations/{done}"), 404, "not-found")


def test_undo_is_ones_own_or_a_managers(
    program: Programs, anna: User, ben: User, max_: User, stages: Stages
) -> None:
    done = told(program(anna).post("/opportunities", {"name": "Site vitrine"}), 201)["operation"]

    problem(program(ben).post(f"/operations/{done}/undo"), 404, "not-found")
    told(program(max_).post(f"/operations/{done}/undo"))

    assert Operation.objects.get(pk=done).undone_by.by == max_  # type: ignore[union-attr]


def test_undo_ends_where_reach_ends(program: Programs, anna: User, ben: User, stages: Stages) -> None:
    deal = factories.deal("Site vitrine", owner=anna)
    done = told(program(anna).patch(f"/opportunities/{deal.pk}", {"owner": ben.pk}))["operation"]

    problem(program(anna).post(f"/operations/{done}/undo"), 404, "not-found")
