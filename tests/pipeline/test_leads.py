"""Leads on their screens: who may do what while the option is on or off, who waits, and the first look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from piste.accounts.models import User
from piste.core.history import operation
from piste.core.models import Operation
from piste.pipeline.models import Deal, Lead, LeadMakers, LeadUse, PipelineSettings
from piste.ui.testing import Visitor
from tests.conftest import NOON
from tests.factories import deal, lead

pytestmark = pytest.mark.usefixtures("stages")


def off(use: str) -> None:
    PipelineSettings(pk=1, leads=use).save()


@pytest.mark.parametrize("use", [LeadUse.OFF, LeadUse.READ_ONLY])
class TestTurnedOff:
    def test_are_read(self, anna: User, use: str) -> None:
        off(use)
        raw = lead("Réseau Wi-Fi", owner=anna)

        page = Visitor(anna).get("/leads/")

        assert "Réseau Wi-Fi" in page.text and "Leads are turned off." in page.text
        assert Visitor(anna).get(f"/leads/{raw.pk}/").status == 200

    def test_are_not_written(self, anna: User, use: str) -> None:
        off(use)
        raw = lead(owner=anna)
        visitor = Visitor(anna)

        assert visitor.get("/leads/new/").status == 403
        assert visitor.post("/leads/new/", {"name": "New"}).status == 403
        assert visitor.post("/leads/quick/", {"name": "New"}).status == 403
        assert visitor.post(f"/leads/{raw.pk}/edit/", {"name": "New"}).status == 403
        assert visitor.post(f"/leads/{raw.pk}/cell/name/", {"name": "New"}).status == 403
        assert visitor.post(f"/leads/{raw.pk}/do/lose/").status == 403
        assert visitor.post(f"/leads/{raw.pk}/seen/").status == 403
        assert visitor.client.post("/api/v1/leads", {"name": "New"}, "application/json").status_code == 403
        assert list(Lead.objects.values_list("name", "status")) == [(raw.name, "open")]

    def test_tell_a_manager_where_to_turn_them_on(self, max_: User, use: str) -> None:
        off(use)

        assert 'href="/settings/#leads-leads"' in Visitor(max_).get("/leads/").text

    def test_tell_others_whom_to_ask(self, anna: User, max_: User, use: str) -> None:
        off(use)

        assert "Ask Max Quéré to turn them on." in Visitor(anna).get("/leads/").text


@pytest.mark.parametrize(("use", "times"), [("on", 1), ("read-only", 1), ("off", 0)])
def test_stand_in_the_menu_and_the_palette(anna: User, use: str, times: int) -> None:
    off(use)
    lead("Réseau Wi-Fi", owner=anna)
    visitor = Visitor(anna)

    assert bool(times) == ('href="/leads/"' in visitor.get("/opportunities/").text)
    assert visitor.get("/palette/", q="Réseau").text.count("Réseau Wi-Fi") == times


def test_are_created_by_managers_only_where_that_is_decided(anna: User, max_: User) -> None:
    PipelineSettings(pk=1, leads=LeadUse.ON, lead_makers=LeadMakers.MANAGERS).save()

    assert Visitor(anna).get("/leads/new/").status == 403
    assert 'href="/leads/new/"' not in Visitor(anna).get("/leads/").text
    assert Visitor(anna).post("/leads/new/", {"name": "Mine"}).status == 403
    assert Visitor(max_).post("/leads/new/", {"name": "Ours"}).status == 204
    assert Lead.objects.get().name == "Ours"


def test_are_created_as_leads(anna: User, leads_on: PipelineSettings) -> None:
    Visitor(anna).post("/leads/new/", {"name": "Wi-Fi", "owner": anna.pk, "email": "marc@gonidec.example"})

    made = Lead.objects.get()
    assert (made.kind, made.owner, made.email_quality, made.opened_at) == ("lead", anna, "correct", None)
    assert not Deal.objects.filter(kind="opportunity").exists()


def test_are_shown_to_those_who_may_reach_them(anna: User, ben: User, leads_on: PipelineSettings) -> None:
    lead("Mine", owner=anna), lead("Theirs", owner=ben), lead("Free")

    page = Visitor(anna).get("/leads/").text

    assert "Mine" in page and "Free" in page and "Theirs" not in page


def test_wait_longest_first(anna: User, leads_on: PipelineSettings) -> None:
    with time_machine.travel(NOON, tick=False):
        lead("Young", created_at=NOON - timedelta(minutes=20))
        lead("Old", created_at=NOON - timedelta(days=2, hours=3))
        lead("Middle", created_at=NOON - timedelta(hours=7))

        page = Visitor(anna).get("/leads/").text

    assert page.index("Old") < page.index("Middle") < page.index("Young")
    for told in ("2 d 3 h", "7 h", "20 min", "waits overdue", "waits slow", "waits new"):
        assert told in page
    assert "created 7 h ago, nobody has opened it" in page


def test_that_wait_too_long_are_counted_and_found(anna: User, leads_on: PipelineSettings) -> None:
    with time_machine.travel(NOON, tick=False):
        lead("Slow", created_at=NOON - timedelta(hours=5))
        lead("Seen", created_at=NOON - timedelta(hours=5), opened_at=NOON, owner=anna)
        lead("Quick", created_at=NOON - timedelta(hours=3))

        page = Visitor(anna).get("/leads/", f="late").text

    assert "Slow" in page and "Seen" not in page and "Quick" not in page


class TestFirstLook:
    def test_is_that_of_the_salesperson(self, anna: User, leads_on: PipelineSettings) -> None:
        raw = lead(owner=anna)
        page = Visitor(anna).get(f"/leads/{raw.pk}/").text
        assert f'hx-post="/leads/{raw.pk}/seen/"' in page
        raw.refresh_from_db()
        assert raw.opened_at is None

        with time_machine.travel(NOON, tick=False):
            answer = Visitor(anna).post(f"/leads/{raw.pk}/seen/")

        raw.refresh_from_db()
        assert (answer.status, raw.opened_at) == (204, NOON)
        assert Operation.objects.get().command == "lead.open"
        assert "/seen/" not in Visitor(anna).get(f"/leads/{raw.pk}/").text

    def test_is_noted_once(self, anna: User, leads_on: PipelineSettings) -> None:
        raw = lead(owner=anna, opened_at=NOON)

        Visitor(anna).post(f"/leads/{raw.pk}/seen/")

        raw.refresh_from_db()
        assert raw.opened_at == NOON
        assert not Operation.objects.exists()

    def test_is_nobody_elses(self, max_: User, anna: User, leads_on: PipelineSettings) -> None:
        raw = lead(owner=anna)

        assert "/seen/" not in Visitor(max_).get(f"/leads/{raw.pk}/").text
        Visitor(max_).post(f"/leads/{raw.pk}/seen/")

        raw.refresh_from_db()
        assert raw.opened_at is None

    def test_of_a_lead_out_of_reach_is_not_found(
        self, anna: User, ben: User, leads_on: PipelineSettings
    ) -> None:
        raw = lead(owner=ben)

        assert Visitor(anna).post(f"/leads/{raw.pk}/seen/").status == 404

    def test_is_undone(self, anna: User, leads_on: PipelineSettings) -> None:
        raw = lead(owner=anna)
        Visitor(anna).post(f"/leads/{raw.pk}/seen/")

        Visitor(anna).post(f"/operations/{Operation.objects.get().pk}/undo/")

        raw.refresh_from_db()
        assert raw.opened_at is None


class TestOldAddress:
    def test_of_a_lead_leads_to_the_opportunity(self, anna: User, leads_on: PipelineSettings) -> None:
        sold = deal(owner=anna)

        answer = Visitor(anna).get(f"/leads/{sold.pk}/")

        assert (answer.status, answer.headers["Location"]) == (302, f"/opportunities/{sold.pk}/")

    def test_of_an_opportunity_leads_to_the_lead(self, anna: User, leads_on: PipelineSettings) -> None:
        raw = lead(owner=anna)

        assert Visitor(anna).get(f"/opportunities/{raw.pk}/").headers["Location"] == f"/leads/{raw.pk}/"

    def test_says_nothing_of_what_is_out_of_reach(
        self, anna: User, ben: User, leads_on: PipelineSettings
    ) -> None:
        assert Visitor(anna).get(f"/leads/{deal(owner=ben).pk}/").status == 404
        assert Visitor(anna).get(f"/opportunities/{lead(owner=ben).pk}/").status == 404


def test_days_are_counted_from_creation(anna: User) -> None:
    made = deal(created_at=NOON - timedelta(days=3), expected_revenue=1)
    with operation("assign", by=anna):
        made.assign(owner=anna, by=anna, at=NOON - timedelta(days=1, hours=12))
    with operation("win", by=anna):
        made.win(by=anna, at=NOON)

    figures: Any = Deal.objects.values_list("days_to_assign", "days_to_close").get()

    assert figures == (1.5, 3.0)


def test_are_imported(anna: User, leads_on: PipelineSettings, tmp_path: Any) -> None:
    from piste.ui.exchange.loading import load_file
    from piste.ui.exchange.plan import Plan

    file = tmp_path / "leads.csv"
    file.write_text("Lead;Company;Email\nWi-Fi;Gonidec;marc@gonidec.example\n")

    load_file("leads", file, anna, plan=Plan(), via="test", at=NOON)

    assert list(Lead.objects.values_list("name", "kind")) == [("Wi-Fi", "lead")]
