"""What a deal is found by."""

from __future__ import annotations

import pytest

from piste.core.history import operation
from piste.pipeline.models import Deal
from tests.conftest import NOON, Stages
from tests.factories import company, deal, person


def found(text: str) -> list[str]:
    return list(Deal.objects.filter(search__contains=text).values_list("name", flat=True))


@pytest.mark.parametrize(
    "text",
    ["hebergement", "maison kerbrat", "soizic", "s.kerbrat@kerbrat.example", "+33261914012", "0261914012"],
)
def test_is_all_that_a_card_says_without_case_and_accents(stages: Stages, text: str) -> None:
    deal(
        "Hébergement",
        company_name="Maison Kerbrat",
        contact_name="Soïzic",
        email="S.Kerbrat@kerbrat.example",
        phone="02.61 91-40 12",
    )

    assert found(text) == ["Hébergement"]


def test_holds_the_customer_and_its_company(stages: Stages) -> None:
    deal("Réservation", contact=person("Gaëlle Riou", parent=company("Îles & Voiles")))

    assert found("gaelle riou") == found("iles & voiles") == ["Réservation"]


def test_follows_a_renamed_customer(stages: Stages) -> None:
    sailors = company("Îles et Voiles")
    deal("Réservation", contact=sailors)

    sailors.name = "Grand Large"
    sailors.save()

    assert found("grand large") == ["Réservation"]
    assert found("iles et voiles") == []


def test_follows_the_renamed_company_of_a_customer(stages: Stages) -> None:
    sailors = company("Îles et Voiles")
    deal("Réservation", contact=person("Gaëlle Riou", parent=sailors))

    sailors.name = "Grand Large"
    sailors.save()

    assert found("grand large") == ["Réservation"]


def test_follows_a_customer_to_another_company(stages: Stages) -> None:
    gaelle = person("Gaëlle Riou", parent=company("Îles et Voiles"))
    deal("Réservation", contact=gaelle)

    gaelle.parent = company("Grand Large")
    gaelle.save()

    assert found("grand large") == ["Réservation"]


def test_follows_a_change_in_bulk(stages: Stages) -> None:
    made = deal("Réservation")

    Deal.objects.filter(pk=made.pk).update(name="Billetterie")

    assert found("billetterie") == ["Billetterie"]


def test_leaves_no_trace_of_its_own_in_the_history(stages: Stages) -> None:
    sailors = company("Îles et Voiles")
    made = deal("Réservation", contact=sailors)
    events = Deal.pgh_event_model.objects.filter(pgh_obj_id=made.pk)  # type: ignore[attr-defined]
    before = events.count()

    with operation("contact.edit", by=None, at=NOON):
        sailors.name = "Grand Large"
        sailors.save()

    assert events.count() == before
