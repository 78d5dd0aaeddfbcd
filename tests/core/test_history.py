"""Operations group what the database records, and date it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from piste.accounts.models import User
from piste.contacts.models import Tag
from piste.core.history import current, operation
from piste.core.models import Operation
from piste.core.tables import rows_written, table_of, tables
from piste.pipeline.models import Deal, Opportunity
from tests import factories
from tests.conftest import NOON, Stages
from tests.core.working import did


def events(model: Any) -> list[tuple[str, Any]]:
    """Of each event of the model what happened, and in which operation."""
    return list(table_of(model).events.objects.order_by("pgh_id").values_list("pgh_label", "pgh_context_id"))


@pytest.mark.django_db
class TestOperation:
    def test_groups_all_changes_made_inside(self, anna: User) -> None:
        def work() -> None:
            tag = Tag.objects.create(name="Urgent")
            Tag.objects.update(name="Very urgent")
            tag.delete()

        done = did(anna, work)

        assert events(Tag) == [("insert", done.pk), ("update", done.pk), ("delete", done.pk)]

    def test_says_who_did_what_when_and_through_what(self, anna: User) -> None:
        with operation("tag.create", by=anna, via="api", at=NOON, about={"label": "Été"}) as entry:
            pass

        kept = Operation.objects.get(pk=entry.pk)
        assert (kept.command, kept.by, kept.via, kept.at) == ("tag.create", anna, "api", NOON)
        assert kept.about == {"label": "Été"}

    def test_may_be_told_more_while_it_goes_on(self, anna: User) -> None:
        with operation("tag.create", by=anna) as entry:
            entry.about = {"count": 3}
            entry.save(update_fields=["about"])

        assert Operation.objects.get().about == {"count": 3}

    def test_joins_the_one_around_it(self, anna: User) -> None:
        with operation("outer", by=anna) as outer, operation("inner", by=None) as inner:
            Tag.objects.create(name="Urgent")

        assert inner is outer
        assert events(Tag) == [("insert", outer.pk)]
        assert Operation.objects.count() == 1

    def test_is_known_while_it_goes_on(self, anna: User) -> None:
        with operation("tag.create", by=anna) as entry:
            assert current() is entry

        assert current() is None

    def test_takes_nothing_that_comes_after_it(self, anna: User) -> None:
        did(anna, lambda: None)
        Tag.objects.create(name="Urgent")

        assert events(Tag) == [("insert", None)]

    def test_takes_nothing_that_comes_after_its_failure(self, anna: User) -> None:
        def fail() -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError), transaction.atomic():
            did(anna, fail)
        with pytest.raises(ZeroDivisionError):
            did(anna, fail)
        Tag.objects.create(name="Urgent")

        assert events(Tag) == [("insert", None)]

    def test_goes_on_after_a_part_of_it_was_taken_back(self, anna: User) -> None:
        with operation("tag.create", by=anna) as entry:
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                Tag.objects.create(name="Never")
                raise ZeroDivisionError
            Tag.objects.create(name="Urgent")

        assert events(Tag) == [("insert", entry.pk)]

    def test_records_links_bulk_writes_and_plain_sql(self, anna: User, stages: Stages) -> None:
        tag = factories.tag("Urgent")
        deal = factories.deal(stage=stages.new)

        def work() -> None:
            deal.tags.add(tag)
            Deal.objects.bulk_create([Deal(name="One", stage=stages.new, stage_changed_at=NOON)])
            with connection.cursor() as cursor:
                cursor.execute("UPDATE contacts_tag SET colour = 'red'")

        assert {table.name: len(keys) for table, keys in rows_written(did(anna, work).pk).items()} == {
            "contacts_tag": 1,
            "pipeline_deal": 1,
            "pipeline_dealtag": 1,
        }


@pytest.mark.django_db(transaction=True)
class TestOperationOverSeveralTransactions:
    def test_groups_them_all(self) -> None:
        with operation("tag.import", by=None, via="job") as entry:
            with transaction.atomic():
                Tag.objects.create(name="One")
            Tag.objects.create(name="Two")

        Tag.objects.create(name="Three")

        assert events(Tag) == [("insert", entry.pk), ("insert", entry.pk), ("insert", None)]

    def test_leaves_nothing_behind_on_the_connection(self) -> None:
        with transaction.atomic(), operation("tag.create", by=None):
            Tag.objects.create(name="One")

        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('pghistory.context_id', true), '')")
            assert cursor.fetchone() == ("",)


@pytest.mark.django_db
class TestDates:
    def test_are_those_of_an_operation_in_the_past(self, anna: User, stages: Stages) -> None:
        did(anna, lambda: factories.deal(stage=stages.new).tags.add(factories.tag()), at=NOON)

        for model in (Deal, Tag):
            assert set(table_of(model).events.objects.values_list("pgh_created_at", flat=True)) == {NOON}

    def test_are_the_databases_own_for_the_present(self, anna: User) -> None:
        did(anna, lambda: Tag.objects.create(name="Urgent"), at=timezone.now() - timedelta(seconds=20))

        [moment] = table_of(Tag).events.objects.values_list("pgh_created_at", flat=True)
        assert timezone.now() - moment < timedelta(seconds=15)

    def test_leave_other_operations_alone(self, anna: User) -> None:
        did(anna, lambda: Tag.objects.create(name="Now"))
        did(anna, lambda: Tag.objects.create(name="Then"), at=NOON)

        moments = table_of(Tag).events.objects.order_by("pgh_id").values_list("pgh_created_at", flat=True)
        assert [moment == NOON for moment in moments] == [False, True]


class TestTables:
    def test_come_after_those_they_point_at(self) -> None:
        place = {table.model: number for number, table in enumerate(tables())}

        assert all(
            place[field.related_model] <= place[table.model]
            for table in tables()
            for field in table.relations.values()
            if field.related_model in place
        )

    def test_are_shared_by_the_kinds_of_a_record(self) -> None:
        assert table_of(Opportunity) is table_of(Deal)

    def test_exist_for_tracked_models_only(self) -> None:
        with pytest.raises(LookupError, match=r"core\.Operation has no history"):
            table_of(Operation)
