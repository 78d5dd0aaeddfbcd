"""What was written before other numbers had a column gets them: rows and history alike, and no history of that."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from piste.accounts.models import User
from piste.contacts import refilling
from piste.contacts.models import Contact
from piste.core.models import Operation
from piste.core.tables import table_of
from piste.core.undo import undo
from piste.pipeline.models import Deal
from piste.ui.testing import Visitor
from tests import factories
from tests.conftest import Stages

MIGRATIONS = ("piste.contacts.migrations.0006_other_phones", "piste.pipeline.migrations.0012_other_phones")
FIXED, FOREIGN = "+33261914012", "+3225550112"


def forget(*models: type[Contact | Deal]) -> None:
    """Leave rows and history as they were before there was the column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('session_replication_role', 'replica', true)")
        for table in map(table_of, models):
            for name in (table.name, table.events._meta.db_table):
                cursor.execute(f"UPDATE {name} SET other_phone_e164 = ''")  # noqa: S608 # names of our tables
        cursor.execute("SELECT set_config('session_replication_role', 'origin', true)")


def migrate() -> None:
    for name in MIGRATIONS:
        with connection.schema_editor(atomic=False) as editor:
            import_module(name).fill(apps, editor)


def events(model: type[Contact | Deal]) -> list[tuple[int, str, str]]:
    rows = table_of(model).events.objects.order_by("pgh_id")
    return list(rows.values_list("pgh_obj_id", "pgh_label", "other_phone_e164"))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refilling, "_BATCH", 2)


def test_fills_customers_and_deals_without_a_trace(stages: Stages) -> None:
    both = {"phone": "02 61 91 40 12", "mobile": "06 12 34 56 78"}
    armor = factories.company("Armor", **both)
    abroad = factories.person("Jan", phone="02 555 01 12", mobile="+33 6 12 34 56 78", country="BE")
    others = [
        factories.company("Seul", phone="02 61 91 40 12"),
        factories.company("Faux", phone="02 61 91 40 12", mobile="12"),
        factories.company("Rien", phone="?", mobile="06 12 34 56 78"),
    ]
    deals = [factories.deal(f"Site {place}", **both) for place in range(5)]
    lead = factories.lead("Demande", **both)
    before = events(Contact), events(Deal)
    moments = dict(Contact.objects.values_list("pk", "updated_at"))

    forget(Contact, Deal)
    assert not Contact.objects.exclude(other_phone_e164="").exists()
    migrate()

    filled = dict(Contact.objects.values_list("pk", "other_phone_e164"))
    assert (filled[armor.pk], filled[abroad.pk]) == (FIXED, FOREIGN)
    assert [filled[row.pk] for row in others] == ["", "", ""]
    numbers = set(
        Deal.objects.filter(pk__in=[lead.pk, *(deal.pk for deal in deals)]).values_list(
            "other_phone_e164", flat=True
        )
    )
    assert numbers == {FIXED}
    assert (events(Contact), events(Deal)) == before
    assert dict(Contact.objects.values_list("pk", "updated_at")) == moments


def test_what_is_done_later_is_recorded_again(anna: User, stages: Stages) -> None:
    armor = factories.company("Armor", phone="02 61 91 40 12", mobile="06 12 34 56 78", owner=anna)
    forget(Contact)
    migrate()

    Visitor(anna).post(f"/customers/{armor.pk}/cell/name/", {"name": "Armor Conserves"})

    assert [label for _pk, label, _number in events(Contact)] == ["insert", "update"]


@pytest.mark.parametrize("late", [False, True], ids=["done before", "done after"])
def test_undo_leaves_the_number_what_it_is(anna: User, stages: Stages, *, late: bool) -> None:
    armor = factories.company("Armor", phone="02 61 91 40 12", mobile="06 12 34 56 78", owner=anna)
    forget(Contact)
    if late:
        migrate()
    Visitor(anna).post(f"/customers/{armor.pk}/cell/phone/", {"phone": "02 97 11 22 33"})
    Visitor(anna).post(f"/customers/{armor.pk}/cell/name/", {"name": "Armor Conserves"})
    if not late:
        forget(Contact)
        migrate()

    for operation in Operation.objects.order_by("-at"):
        undo(operation, by=anna, at=operation.at)

    armor.refresh_from_db()
    assert (armor.name, armor.phone, armor.other_phone_e164) == ("Armor", "02 61 91 40 12", FIXED)


def test_a_second_run_finds_nothing_to_do(stages: Stages) -> None:
    factories.company("Armor", phone="02 61 91 40 12", mobile="06 12 34 56 78")
    forget(Contact)
    found = [
        refilling.fill_other_phones(connection, "contacts_contact", "contacts_contactevent", home="FR")
        for _turn in range(2)
    ]

    assert found == [2, 0]
