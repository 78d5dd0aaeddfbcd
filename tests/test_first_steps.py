"""The first steps: each person's own list, that ticks itself off, can be hidden, and follows an undo."""

from __future__ import annotations

import pytest

from piste.accounts.models import Company, User
from piste.ui.testing import Visitor
from piste.ui.testing.promises import queries
from tests import factories
from tests.conftest import Stages

STEPS = {
    "deal": "Add a deal",
    "move": "Move it",
    "import": "Bring in your customers",
    "invite": "Invite a colleague",
}


@pytest.fixture(autouse=True)
def company(db: None) -> Company:
    found = Company.get()
    found.save()
    return found


def states(visitor: Visitor) -> dict[str, str]:
    """What the page says of each step."""
    text = visitor.get("/opportunities/").text
    found = {}
    for part in (
        text.split("<ol>")[-1].split("</ol>")[0].split("<li class=")[1:] if 'id="setup"' in text else []
    ):
        found[next(key for key, label in STEPS.items() if label in part)] = part.split('"')[1]
    return found


def test_offers_what_the_role_allows(stages: Stages, anna: User, ada: User) -> None:
    assert list(states(Visitor(anna))) == ["deal", "move", "import"]
    assert list(states(Visitor(ada))) == ["deal", "move", "import", "invite"]


def test_ticks_off_what_one_does_oneself(stages: Stages, anna: User, ben: User) -> None:
    visitor = Visitor(anna)
    deal = factories.deal("Toiture", owner=anna, created_by=anna)
    assert states(visitor) == {"deal": "done", "move": "now", "import": "later"}
    assert states(Visitor(ben))["deal"] == "now"

    visitor.post(f"/opportunities/{deal.pk}/move/", {"lane": stages.qualified.pk})

    assert states(visitor) == {"deal": "done", "move": "done", "import": "now"}


def test_follows_an_undo(stages: Stages, anna: User) -> None:
    visitor = Visitor(anna)
    deal = factories.deal("Toiture", owner=anna, created_by=anna)
    moved = visitor.post(f"/opportunities/{deal.pk}/move/", {"lane": stages.qualified.pk})

    visitor.post(moved.undo)

    assert states(visitor)["move"] == "now"


def test_counts_customers_and_colleagues_of_anybody(stages: Stages, ada: User, ben: User) -> None:
    factories.company("Étoile du Nord")

    assert states(Visitor(ada)) == {"deal": "now", "move": "later", "import": "done", "invite": "done"}


def test_passes_over_what_is_skipped_and_takes_it_back(stages: Stages, anna: User) -> None:
    visitor = Visitor(anna)

    skipped = visitor.post("/first-steps/deal/skip/")

    assert states(visitor) == {"deal": "skipped", "move": "now", "import": "later"}
    assert ">0/3<" in skipped.text and skipped.toast == "Taken off the list."
    visitor.post(skipped.undo)
    assert states(visitor)["deal"] == "now"


def test_hides_the_list_of_one_person_until_it_is_taken_back(stages: Stages, anna: User, ben: User) -> None:
    visitor = Visitor(anna)

    hidden = visitor.post("/first-steps/all/skip/")

    assert states(visitor) == {} and states(Visitor(ben)) != {}
    assert 'id="setup"' in hidden.text and " hidden" in hidden.text
    visitor.post(hidden.undo)
    assert "Add a deal" in visitor.get("/first-steps/", part=True).text
    assert states(visitor)["deal"] == "now"


def test_skips_without_a_script_too(stages: Stages, anna: User) -> None:
    visitor = Visitor(anna)

    assert visitor.post("/first-steps/deal/skip/", part=False).status == 303
    assert states(visitor)["deal"] == "skipped"


@pytest.mark.parametrize("key", ["nothing", "deals"])
def test_knows_no_other_steps(stages: Stages, anna: User, key: str) -> None:
    assert Visitor(anna).post(f"/first-steps/{key}/skip/").status == 404


def test_asks_nothing_more_once_all_is_done(stages: Stages, anna: User, ben: User) -> None:
    done, busy = Visitor(anna), Visitor(ben)
    done.post("/first-steps/all/skip/")
    done.get("/opportunities/")

    assert queries(busy, "/opportunities/") == queries(done, "/opportunities/") + 1


def test_leaves_the_sample_company_in_peace(stages: Stages, company: Company, anna: User) -> None:
    company.sample = True
    company.save()

    assert states(Visitor(anna)) == {}
