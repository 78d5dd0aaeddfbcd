"""Words that French needs two of: states and acts, one and many."""

from __future__ import annotations

import pytest

from piste.accounts.models import User
from piste.ui.testing import Visitor
from tests import factories
from tests.conftest import NOON, Stages


@pytest.fixture
def marie(lena: User) -> Visitor:
    """Lena reads French."""
    lena.language = "fr"
    lena.save(update_fields=["language"])
    return Visitor(lena)


@pytest.mark.parametrize(
    ("count", "english", "french"),
    [
        (0, "0 opportunities", "0 opportunité"),
        (1, "1 opportunity", "1 opportunité"),
        (2, "2 opportunities", "2 opportunités"),
    ],
)
@pytest.mark.parametrize("view", ["board", "list"])
def test_counts_as_each_language_does(
    stages: Stages, lena: User, ben: User, view: str, count: int, english: str, french: str
) -> None:
    for number in range(count):
        factories.deal(f"Deal {number}", owner=lena)

    for language, said in (("en", english), ("fr", french)):
        lena.language = language
        lena.save(update_fields=["language"])
        page = Visitor(lena).get("/opportunities/", view=view, f="")
        assert f'id="count">{said}<' in page.text


def test_counts_likewise_after_a_move(stages: Stages, marie: Visitor) -> None:
    heads = marie.get("/opportunities/heads/", f="")

    assert ">0 opportunité<" in heads.text


def test_tells_the_state_from_the_act(stages: Stages, marie: Visitor, lena: User) -> None:
    deal = factories.deal("Toiture", owner=lena)
    bulk = marie.get("/opportunities/", view="list").text
    filters = marie.get("/opportunities/filters/").text
    deal.win(by=lena, at=NOON)
    won = marie.get(f"/opportunities/{deal.pk}/").text

    assert "<span>Gagné</span>" in bulk and "Gagnées" in filters
    assert '<span class="ribbon won">Gagnée</span>' in won


def test_tells_what_was_undone_from_undoing(stages: Stages, marie: Visitor, lena: User) -> None:
    deal = factories.deal("Toiture", owner=lena)
    moved = marie.post(f"/opportunities/{deal.pk}/do/archive/")

    marie.post(moved.undo)
    history = marie.get("/operations/", part=True).text

    assert "<span>mise aux archives</span>" in history and "<span>annulation</span>" in history
    assert '<span class="tag tone-grey">annulé</span>' in history
