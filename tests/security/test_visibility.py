"""Nobody sees, counts or guesses what is not theirs, wherever they go."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from piste.accounts.models import User
from piste.pipeline.models import Opportunity, Stage
from piste.ui.models import SavedSearch
from piste.ui.screen import screens
from piste.ui.testing import Answer, Visitor, sample
from piste.ui.testing.crawling import crawl
from piste.ui.testing.visiting import asked, dialogs, looks, views_of
from tests import factories
from tests.conftest import NOON, Stages

WORD = "Zebra"
#: Revenues as no sum of Anna's deals has them, in every way of writing them.
AMOUNTS = ("987000", "987,000", "987\u202f000", "987.0", "987 000")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def own(stages: Stages, anna: User) -> list[Opportunity]:
    """What Anna sees: her deals, one of nobody, and the customers of all."""
    customer = factories.company("Armor Conserves", owner=anna)
    return [
        *(sample(Opportunity, number, owner=anna) for number in (1, 2)),
        factories.deal("Of nobody", expected_revenue=100, contact=customer),
    ]


@pytest.fixture
def hidden(own: list[Opportunity], ben: User) -> list[Opportunity]:
    """Ben's deals with the same customers, tags, stages and teams: open, won, lost, archived."""
    deals = [sample(Opportunity, 987 + number, word=WORD, owner=ben) for number in range(4)]
    for deal in deals:
        deal.tags.set(own[0].tags.all())
    deals[1].win(by=ben, at=NOON)
    deals[2].lose(note=f"{WORD} too dear", competitor=f"{WORD} rival", by=ben, at=NOON)
    deals[3].archive(by=ben, at=NOON)
    SavedSearch.objects.create(screen="opportunities", name=f"{WORD} search", query="q=x", owner=ben)
    return deals


def every_answer(visitor: Visitor, hidden: list[Opportunity]) -> dict[str, Answer]:
    """All that links lead to, every look at every screen, and every guess at a hidden deal."""
    known = [address for screen in screens() for address in (*looks(screen), *dialogs(screen))]
    deals = next(screen for screen in screens() if screen.slug == "opportunities")
    guesses = [*views_of(deals, hidden[0].pk), *(f"/opportunities/{deal.pk}/" for deal in hidden)]
    searches = [
        *(
            asked(address, q=WORD.lower(), f="")
            for address in ("/palette/", "/opportunities/", "/customers/")
        ),
        *(
            asked("/opportunities/", view="list", f="", w=f"expected_revenue~gte~{n}")
            for n in (900_000, 987_000)
        ),
        *(asked("/opportunities/", view="list", f="", o=order) for order in ("-expected_revenue", "owner")),
        *(asked("/palette/", on=f"/opportunities/{deal.pk}/") for deal in hidden),
    ]
    answers = crawl(visitor, ["/", "/searches/", "/operations/", *known, *guesses, *searches])
    return {answer.url: answer for answer in answers}


def test_colleagues_deals_are_nowhere_whatever_becomes_of_them(
    hidden: list[Opportunity], stages: Stages, anna: User, ben: User
) -> None:
    visitor = Visitor(anna)
    before = every_answer(visitor, hidden)
    # The exports among them have left a trace there.
    before["/operations/"] = visitor.get("/operations/")
    assert len(before) > 150
    for answer in before.values():
        assert answer.status in (200, 302, 303, 400, 403, 404), (answer.url, answer.status)
        found = [word for word in (WORD, *AMOUNTS) if word in answer.text.replace("~987000", "")]
        assert not found, (answer.url, found)

    change(hidden, stages.qualified, ben)

    for address, answer in before.items():
        now = visitor.get(address)
        assert (now.status, now.lasting) == (answer.status, answer.lasting), address


def change(deals: list[Opportunity], stage: Stage, by: User) -> None:
    """Whatever may happen to deals that somebody else does not see."""
    deals[0].move_to(stage, by=by, at=NOON)
    deals[0].name, deals[0].expected_revenue = "Zinc", Decimal(5)
    deals[0].save()
    deals[1].reopen(by=by, at=NOON)
    deals[2].delete()
    deals[3].tags.clear()
    sample(Opportunity, 2000, word=WORD, owner=by)
    SavedSearch.objects.filter(owner=by).delete()


def test_a_deal_that_is_taken_is_gone(own: list[Opportunity], anna: User, ben: User) -> None:
    deal, visitor = own[2], Visitor(anna)
    assert visitor.get(f"/opportunities/{deal.pk}/").status == 200

    deal.assign(owner=ben, by=ben, at=NOON)

    assert visitor.get(f"/opportunities/{deal.pk}/").status == 404


def test_nobody_undoes_what_others_did(hidden: list[Opportunity], anna: User, ben: User) -> None:
    done = Visitor(ben).post(f"/opportunities/{hidden[0].pk}/do/win/")
    assert done.undo

    assert Visitor(anna).post(done.undo).status == 404
    hidden[0].refresh_from_db()
    assert hidden[0].status == "won"


def test_nobody_makes_a_deal_for_somebody_else(own: list[Opportunity], anna: User, ben: User) -> None:
    count = Opportunity.objects.count()

    answer = Visitor(anna).post("/opportunities/new/", {"name": "For Ben", "owner": ben.pk})

    assert answer.status == 422
    assert "You may not create this for somebody else." in answer.text
    assert Opportunity.objects.count() == count


def test_may_hand_a_deal_over_and_see_it_no_more(own: list[Opportunity], anna: User, ben: User) -> None:
    visitor = Visitor(anna)

    answer = visitor.post(f"/opportunities/{own[0].pk}/do/assign/", {"owner": ben.pk})

    assert answer.status == 204
    assert visitor.get(f"/opportunities/{own[0].pk}/").status == 404


def test_only_those_in_reach_are_changed_together(
    own: list[Opportunity], hidden: list[Opportunity], anna: User
) -> None:
    ids = [own[0].pk, hidden[0].pk, 999_999]

    answer = Visitor(anna).post("/opportunities/do/archive/", {"id": ids})

    assert answer.status == 204
    assert answer.told["rows-changed"]["ids"] == [own[0].pk]
    hidden[0].refresh_from_db()
    assert not hidden[0].archived
