"""What a customer is found by, and the order of names."""

from __future__ import annotations

import pytest

from piste.contacts.models import Contact
from tests.conftest import NOON
from tests.factories import company, person


def found(text: str) -> list[str]:
    return list(Contact.objects.filter(search__contains=text).values_list("name", flat=True))


@pytest.mark.parametrize(
    "text", ["iles & voiles", "port-louis", "contact@iles.example", "+33261914012", "0261914012"]
)
def test_has_no_case_and_accents(db: None, text: str) -> None:
    company("Îles & Voiles", city="Port-Louis", email="Contact@iles.example", phone="02 61 91 40 12")

    assert found(text) == ["Îles & Voiles"]


def test_of_a_person_holds_the_company(db: None) -> None:
    person("Gaëlle Riou", parent=company("Îles & Voiles"))

    assert "Gaëlle Riou" in found("iles & voiles")


def test_of_a_person_follows_the_renamed_company(db: None) -> None:
    sailors = company("Îles & Voiles")
    gaelle = person("Gaëlle Riou", parent=sailors)
    events = Contact.pgh_event_model.objects.filter(pgh_obj_id=gaelle.pk)  # type: ignore[attr-defined]

    sailors.name = "Grand Large"
    sailors.save()

    assert set(found("grand large")) == {"Grand Large", "Gaëlle Riou"}
    assert found("iles & voiles") == []
    assert events.count() == 1


def test_is_kept_by_a_customer_put_away(db: None, max_: object) -> None:
    gone = company("Îles & Voiles")

    gone.archive(by=max_, at=NOON)  # type: ignore[arg-type]

    assert found("iles") == ["Îles & Voiles"]


def test_names_come_in_order_without_case_and_accents(db: None) -> None:
    for name in ("Zodiac", "Éclair", "armor", "Ere", "Echo"):
        company(name)

    assert [one.name for one in Contact.objects.all()] == ["armor", "Echo", "Éclair", "Ere", "Zodiac"]
