"""A card is drawn once, and again as soon as anything it shows has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation

from piste.accounts.models import User
from piste.pipeline.models import Opportunity
from piste.pipeline.screens import opportunities
from piste.ui.modes import Board, drawn
from piste.ui.state import ViewState
from tests import factories
from tests.conftest import Stages

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def card(user: User, currency: str = "EUR") -> str:
    """The only card of the board."""
    mode = opportunities.mode_of(Board)
    assert mode is not None
    look = opportunities.look(user, ViewState(filters=()), currency)
    [shown] = [card for lane in mode.build(look).lanes for card in lane.cards]
    return str(shown.html)


@pytest.fixture
def deal(stages: Stages, anna: User) -> Opportunity:
    with time_machine.travel(NOON, tick=False):
        found = factories.deal("Site <vitrine>", owner=anna, contact=factories.company("Armor"))
        found.tags.add(factories.tag("Bio"))
    return found


def rename_tag(deal: Opportunity) -> None:
    deal.tags.update(name="Local")


def rename_customer(deal: Opportunity) -> None:
    assert deal.contact is not None
    deal.contact.name = "Breizh"
    deal.contact.save()


def rename_owner(deal: Opportunity) -> None:
    User.objects.filter(pk=deal.owner_id).update(name="Zoé Quéré")


def raise_price(deal: Opportunity) -> None:
    deal.expected_revenue = Decimal(4321)
    deal.save()


@pytest.mark.parametrize(
    ("change", "shown"),
    [(rename_tag, "Local"), (rename_customer, "Breizh"), (rename_owner, "Zoé Quéré"), (raise_price, "4,321")],
)
def test_shows_what_has_changed(
    deal: Opportunity, lena: User, change: Callable[[Opportunity], None], shown: str
) -> None:
    with translation.override("en"):
        assert shown not in card(lena)
        change(deal)

        assert shown in card(lena)


def test_speaks_the_readers_language(deal: Opportunity, lena: User) -> None:
    with translation.override("en"):
        english = card(lena)
    with translation.override("fr"):
        french = card(lena)

    assert "No date" in english
    assert "Sans date" in french


def test_counts_in_the_companys_currency(deal: Opportunity, lena: User) -> None:
    raise_price(deal)

    assert "€" in card(lena)
    assert "€" not in card(lena, "CHF")


def test_tells_each_day_how_long_it_has_been_there(deal: Opportunity, lena: User) -> None:
    def age(days: int) -> str:
        with translation.override("en"), time_machine.travel(NOON + timedelta(days=days), tick=False):
            return card(lena)

    assert "3 d" in age(3)
    assert "4 d" in age(4)


def test_escapes_what_people_typed(deal: Opportunity, lena: User) -> None:
    assert "Site &lt;vitrine&gt;" in card(lena)


def test_keeps_no_more_cards_than_it_may(
    deal: Opportunity, lena: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn, "MOST_KEPT", 4)
    mode = opportunities.mode_of(Board)
    assert mode is not None
    monkeypatch.setattr(mode.drawer, "kept", drawn.Kept())
    for price in range(1, 12):
        deal.expected_revenue = Decimal(price)
        deal.save()
        assert f"€{price}" in card(lena) or f"{price}\u00a0€" in card(lena)

        assert len(mode.drawer.kept) <= 4
