"""Merging finds every link to a record, in whatever table, and moves it."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models.functions import Lower
from django.test.utils import isolate_apps

from piste.contacts.models import Contact
from piste.core import links, merge
from piste.core.links import NotMovable, links_of
from piste.core.tables import find_table
from piste.pipeline.models import Deal, Opportunity
from tests import factories
from tests.conftest import NOON

MERGED = (Deal, Contact)
every_merged = pytest.mark.parametrize("table", MERGED, ids=lambda table: table.__name__)

_CONSTRAINTS = """
SELECT child.relname || '.' || attribute.attname FROM pg_constraint
JOIN pg_class child ON child.oid = conrelid
JOIN pg_attribute attribute ON attribute.attrelid = conrelid AND attribute.attnum = ANY(conkey)
WHERE contype = 'f' AND confrelid = %s::regclass
"""


@pytest.mark.django_db
@every_merged
def test_covers_every_foreign_key_that_the_database_knows(table: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CONSTRAINTS, [table._meta.db_table])
        known = {name for (name,) in cursor.fetchall()}

    covered = {f"{link.model._meta.db_table}.{link.column}" for link in links_of(table)}

    assert known
    assert known <= covered


@every_merged
def test_covers_every_generic_link(table: type[models.Model]) -> None:
    generic = {
        f"{model._meta.label}.{field.fk_field}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    }

    assert generic <= {str(link) for link in links_of(table)}


@every_merged
def test_moves_only_what_undo_brings_back(table: type[models.Model]) -> None:
    assert [str(link) for link in links_of(table) if find_table(link.model) is None] == []


class Linked:
    """Tables that a future package might bring, made for one test."""

    def __init__(self) -> None:
        class Follower(models.Model):  # noqa: DJ008 – nobody reads its name
            deal = models.ForeignKey(Deal, models.CASCADE, related_name="+")
            name = models.CharField(max_length=20)
            note = models.CharField(max_length=20, null=True)

            class Meta:
                app_label = "core"
                unique_together = (("deal", "name", "note"),)
                constraints = (models.UniqueConstraint("deal", Lower("name"), name="one_lower_name"),)

        class Read(models.Model):  # noqa: DJ008 – nobody reads its name
            follower = models.ForeignKey(Follower, models.CASCADE)

            class Meta:
                app_label = "core"

        class Sheet(models.Model):  # noqa: DJ008 – nobody reads its name
            deal = models.OneToOneField(Opportunity, models.CASCADE, related_name="+")

            class Meta:
                app_label = "core"

        class Entry(models.Model):  # noqa: DJ008 – nobody reads its name
            kind = models.ForeignKey(ContentType, models.CASCADE)
            record = models.CharField(max_length=20)
            about = GenericForeignKey("kind", "record")
            text = models.CharField(max_length=20)

            class Meta:
                app_label = "core"

        self.Follower, self.Read, self.Sheet, self.Entry = Follower, Read, Sheet, Entry
        self.models: tuple[Any, ...] = (Follower, Read, Sheet, Entry)


@pytest.fixture
def linked(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The tables, known to the merge as if a package had brought them."""
    with isolate_apps("piste.core") as isolated:
        made = Linked()
        isolated.get_models(include_auto_created=True)
    with connection.schema_editor() as editor:
        for model in made.models:
            editor.create_model(model)
    usual = links_of

    def more(table: Any) -> tuple[links.Link, ...]:
        fields = {
            Deal: [(made.Follower, "deal"), (made.Sheet, "deal")],
            made.Follower: [(made.Read, "follower")],
        }
        found = [
            links.Link(model, f"{name}_id", "pk", tuple(links._rules(model, model._meta.get_field(name))))
            for model, name in fields.get(table, ())
        ]
        known = usual(table) if table in MERGED else ()
        return (*known, *found, links.Link(made.Entry, "record", "pk", (), "kind_id"))

    monkeypatch.setattr(merge, "links_of", more)
    return made


def both() -> tuple[Opportunity, Opportunity]:
    return factories.deal("Stays"), factories.deal("Goes")


def test_moves_a_foreign_key(linked: Any) -> None:
    stays, goes = both()
    row = linked.Follower.objects.create(deal=goes, name="Anna")

    merge.repoint([goes], stays, at=NOON)

    row.refresh_from_db()
    assert row.deal_id == stays.pk


def test_puts_doubles_together_with_all_that_hangs_on_them(linked: Any) -> None:
    stays, goes = both()
    kept = linked.Follower.objects.create(deal=stays, name="Anna")
    double = linked.Follower.objects.create(deal=goes, name="ANNA")
    read = linked.Read.objects.create(follower=double)

    merge.repoint([goes], stays, at=NOON)

    read.refresh_from_db()
    assert read.follower_id == kept.pk
    assert list(linked.Follower.objects.all()) == [kept]


def test_keeps_one_of_what_several_others_share(linked: Any) -> None:
    stays, goes = both()
    third = factories.deal("Goes too")
    linked.Follower.objects.create(deal=third, name="Anna", note="x")
    kept = linked.Follower.objects.create(deal=goes, name="Anna", note="x")

    merge.repoint([goes, third], stays, at=NOON)

    assert list(linked.Follower.objects.values_list("pk", "deal_id")) == [(kept.pk, stays.pk)]


def test_keeps_what_is_only_the_same_but_for_nothing(linked: Any) -> None:
    stays, goes = both()
    linked.Follower.objects.create(deal=stays, name="Anna")
    linked.Follower.objects.create(deal=goes, name="Ben")

    merge.repoint([goes], stays, at=NOON)

    assert sorted(linked.Follower.objects.values_list("deal_id", "name")) == [
        (stays.pk, "Anna"),
        (stays.pk, "Ben"),
    ]


@pytest.mark.parametrize("both_have_one", [True, False])
def test_a_one_to_one_relation_has_one_in_the_end(linked: Any, *, both_have_one: bool) -> None:
    stays, goes = both()
    kept = linked.Sheet.objects.create(deal=stays if both_have_one else goes)
    if both_have_one:
        linked.Sheet.objects.create(deal=goes)

    merge.repoint([goes], stays, at=NOON)

    assert list(linked.Sheet.objects.values_list("pk", "deal_id")) == [(kept.pk, stays.pk)]


@pytest.mark.parametrize("known_as", [Deal, Opportunity])
def test_moves_a_generic_link_under_any_name_of_the_table(linked: Any, known_as: Any) -> None:
    stays, goes = both()
    kind = ContentType.objects.get_for_model(known_as, for_concrete_model=False)
    row = linked.Entry.objects.create(kind=kind, record=str(goes.pk), text="Called")
    other = ContentType.objects.get_for_model(Contact)
    stranger = linked.Entry.objects.create(kind=other, record=str(goes.pk), text="Not of a deal")

    merge.repoint([goes], stays, at=NOON)

    row.refresh_from_db()
    stranger.refresh_from_db()
    assert (row.record, row.kind, stranger.record) == (str(stays.pk), kind, str(goes.pk))


def test_a_package_may_move_what_only_it_knows_of(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge, "_movers", {})
    moved: list[Any] = []
    merge.when_merged(Opportunity)(lambda others, survivor, at: moved.append((others, survivor, at)))
    stays, goes = both()

    merge.repoint([goes], stays, at=NOON)

    assert moved == [([goes], stays, NOON)]


@isolate_apps("piste.core")
def test_says_which_rule_it_cannot_keep() -> None:
    class Odd(models.Model):  # noqa: DJ008 – nobody reads its name
        deal = models.ForeignKey("pipeline.Deal", models.CASCADE)
        number = models.IntegerField()

        class Meta:
            app_label = "core"
            constraints = (models.UniqueConstraint(models.F("deal") + models.F("number"), name="odd_sum"),)

    with pytest.raises(NotMovable, match="odd_sum"):
        list(links._rules(Odd, Odd._meta.get_field("deal")))
