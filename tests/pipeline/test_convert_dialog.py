"""Converting on the page and through the API: what is proposed, what is shown, what is done."""

from __future__ import annotations

import json
from typing import Any

import pytest

from piste.accounts.models import Team, User
from piste.contacts.models import Contact
from piste.core.models import Operation
from piste.pipeline.models import Deal, Lead, Opportunity
from piste.ui.testing import Visitor
from tests.conftest import Stages
from tests.factories import company, deal, lead, person, stage

pytestmark = pytest.mark.usefixtures("stages", "leads_on")
MAIL = "s.kerbrat@kerbrat.example"


def dialog(user: User, raw: Lead, **chosen: Any) -> str:
    return Visitor(user).get(f"/leads/{raw.pk}/do/convert/", part=True, **chosen).text


def convert(user: User, raw: Lead, **values: Any) -> Any:
    return Visitor(user).post(f"/leads/{raw.pk}/do/convert/", values)


class TestProposal:
    def test_is_to_merge_where_the_address_is_the_same(self, anna: User) -> None:
        sold = deal("Refonte site", owner=anna, email=MAIL, contact_name="Soizic Kerbrat")

        shown = dialog(anna, lead("Formation", owner=anna, email=MAIL, contact_name="Soizic Kerbrat"))

        assert "An open opportunity resembles it" in shown and "same e-mail" in shown
        assert f'name="merge_with" value="{sold.pk}" checked' in shown
        assert "The opportunity keeps its customer" in shown

    def test_is_to_convert_where_only_the_name_is_alike(self, anna: User) -> None:
        sold = deal("Refonte site", owner=anna, company_name="Maison Kerbrat")

        shown = dialog(anna, lead("Formation", owner=anna, company_name="Maison Kerbrat SARL"))

        assert "An open opportunity resembles it" in shown
        assert 'name="merge_with" value="" checked' in shown
        assert f'name="merge_with" value="{sold.pk}"' in shown

    def test_names_nothing_that_is_out_of_reach(self, anna: User, ben: User) -> None:
        deal("Secret deal", owner=ben, email=MAIL, company_name="Maison Kerbrat")

        shown = dialog(anna, lead("Formation", owner=anna, email=MAIL, company_name="Maison Kerbrat"))

        assert "Secret" not in shown and "resembles" not in shown

    def test_is_the_customer_it_most_likely_is_with_the_reason(self, anna: User) -> None:
        known = person("Soizic Kerbrat", email=f"Soizic <{MAIL}>")

        shown = dialog(anna, lead(owner=anna, email=MAIL.upper(), phone="02 61 91 40 12"))

        assert 'value="existing" checked' in shown
        assert f'value="{known.pk}" selected' in shown
        assert "found by: same e-mail" in shown
        assert "Phone added: 02 61 91 40 12" in shown

    def test_is_a_new_customer_shown_before(self, anna: User) -> None:
        shown = dialog(
            anna, lead(owner=anna, company_name="Kerbrat", contact_name="Soizic", city="Hennebont")
        )

        assert 'value="create" checked' in shown
        for told in ("New company “Kerbrat”", "New person “Soizic”", "Works for: Kerbrat", "City: Hennebont"):
            assert told in shown

    def test_is_none_where_nobody_is_named(self, anna: User) -> None:
        assert 'value="none" checked' in dialog(anna, lead(owner=anna))

    def test_follows_what_is_chosen(self, anna: User, cora: User) -> None:
        raw = lead(owner=anna, company_name="Kerbrat")

        shown = dialog(anna, raw, customer_action="none", owner=cora.pk, team=raw.team_id, was_owner=anna.pk)

        assert "New company" not in shown
        assert "Salesperson: Anna Kerbrat → Cora Bihan" in shown and "→ South" in shown
        assert Lead.objects.get().owner == anna

    def test_of_a_lost_lead_is_to_reopen_it_first(self, anna: User, stages: Stages) -> None:
        raw = lead(owner=anna)
        Visitor(anna).post(f"/leads/{raw.pk}/do/lose/")

        shown = dialog(anna, raw)
        answer = convert(anna, raw)

        assert f'hx-post="/leads/{raw.pk}/do/reopen/"' in shown and 'type="submit"' not in shown
        assert answer.status == 422 and "Only open leads are converted." in answer.text
        assert Lead.objects.get().status == "lost"

    def test_side_by_side_tells_what_is_equal(self, anna: User) -> None:
        deal("Refonte", owner=anna, email=MAIL, company_name="Maison Kerbrat", city="Hennebont (56)")

        shown = dialog(
            anna, lead("Formation", owner=anna, email=MAIL, company_name="MAISON KERBRAT", city="Hennebont",
                       phone="02 61 91 40 12")
        )  # fmt: skip

        assert shown.count('<tr class="is-equal">') == 2
        assert '<tr class="is-alike"><th scope="row">City</th>' in shown
        assert '<tr class="is-more"><th scope="row">Phone</th>' in shown
        assert '<tr class="is-other"><th scope="row">Name</th>' in shown


class TestDoing:
    def test_makes_the_customer_and_undo_takes_it_away(self, anna: User) -> None:
        raw = lead(owner=anna, company_name="Kerbrat", contact_name="Soizic")

        answer = convert(anna, raw, customer_action="create", owner=anna.pk, team=raw.team_id)

        assert (answer.status, answer.toast) == (204, f"“{raw}” is an opportunity now.")
        assert Opportunity.objects.get().contact.name == "Soizic"
        Visitor(anna).post(answer.undo)
        assert Lead.objects.get() == raw and not Contact.objects.exists()

    def test_links_the_customer(self, anna: User) -> None:
        known = company("Kerbrat")

        convert(anna, lead(owner=anna), customer_action="existing", customer=known.pk, owner=anna.pk)

        assert Opportunity.objects.get().contact == known

    def test_asks_for_the_customer(self, anna: User) -> None:
        answer = convert(anna, lead(owner=anna), customer_action="existing", customer="", owner=anna.pk)

        assert answer.status == 422 and "Choose the customer, or create a new one." in answer.text
        assert Lead.objects.exists()

    def test_completes_an_opportunity(self, anna: User, ben: User) -> None:
        sold = deal("Refonte", owner=anna, email=MAIL)
        raw = lead("Formation", owner=anna, email=MAIL, phone="02 61 91 40 12")

        answer = convert(anna, raw, merge_with=sold.pk)

        assert answer.status == 204
        whole = Deal.objects.get()
        assert (whole.pk, whole.name, whole.phone, whole.owner) == (sold.pk, "Refonte", raw.phone, anna)
        Visitor(anna).post(answer.undo)
        assert Deal.objects.get(pk=sold.pk).phone == "" and Lead.objects.get().name == "Formation"

    def test_merges_with_nothing_out_of_reach(self, anna: User, ben: User) -> None:
        theirs = deal("Secret", owner=ben)

        answer = convert(anna, lead(owner=anna), merge_with=theirs.pk)

        assert answer.status == 422 and "Secret" not in answer.text
        assert Lead.objects.exists() and Opportunity.objects.get() == theirs

    def test_goes_to_the_opportunity_from_the_page_of_the_lead(self, anna: User) -> None:
        raw = lead(owner=anna)

        response = Visitor(anna).client.post(
            f"/leads/{raw.pk}/do/convert/",
            {"owner": anna.pk},
            headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver/leads/{raw.pk}/"},
        )

        assert response.headers["HX-Redirect"] == f"/opportunities/{raw.pk}/"

    def test_needs_the_lead_within_reach(self, anna: User, ben: User) -> None:
        raw = lead(owner=ben)

        assert convert(anna, raw).status == 404
        assert Visitor(anna).get(f"/leads/{raw.pk}/do/convert/").status == 404

    def test_leaves_a_team_that_does_not_sell(self, anna: User, north: Team) -> None:
        inside = Team.objects.create(name="Téléprospection", uses_pipeline=False)

        shown = dialog(anna, lead(owner=anna, team=inside))

        assert f'value="{north.pk}" selected' in shown

    def test_stays_in_a_stage_that_the_team_has(self, anna: User, north: Team) -> None:
        own = stage("Chez nous", team=north, position=15)

        convert(anna, lead(owner=anna, stage=own), owner=anna.pk)

        assert Opportunity.objects.get().stage == own


class TestMany:
    def post(self, user: User, leads: list[Lead], **values: Any) -> Any:
        return Visitor(user).post("/leads/do/convert/", {"id": [one.pk for one in leads], **values})

    def test_shows_what_becomes_of_each(self, max_: User, anna: User) -> None:
        rows = [
            lead("One", email="a@one.example", company_name="One SA"),
            lead("Again", email="a@one.example"),
            lead("Lost"),
        ]
        Visitor(max_).post(f"/leads/{rows[2].pk}/do/lose/")

        shown = (
            Visitor(max_)
            .get("/leads/do/convert/", part=True, id=[one.pk for one in rows], owners=anna.pk)
            .text
        )

        assert "takes in “Again”" in shown and "into “One”: same e-mail" in shown
        assert "Leave out" in shown and "New: One SA" in shown and "Anna Kerbrat" in shown
        assert Opportunity.objects.count() == 0

    def test_gives_them_out_in_turn(self, max_: User, anna: User, ben: User) -> None:
        rows = [lead(str(place)) for place in range(5)]

        answer = self.post(max_, rows, owners=[ben.pk, anna.pk])

        assert answer.status == 200 and "5 leads converted" in answer.toast
        assert [d.owner for d in Opportunity.objects.order_by("pk")] == [ben, anna, ben, anna, ben]

    def test_gives_out_only_what_is_free_unless_forced(self, max_: User, anna: User, ben: User) -> None:
        rows = [lead("Mine", owner=anna), lead("Free")]

        self.post(max_, rows, owners=[ben.pk])
        assert [d.owner for d in Opportunity.objects.order_by("pk")] == [anna, ben]

        more = [lead("Mine too", owner=anna), lead("Another", owner=anna)]
        self.post(max_, more, owners=[ben.pk], force="on")
        assert Opportunity.objects.get(name="Mine too").owner == ben

    def test_leaves_lost_ones_alone_without_a_customer(self, max_: User, anna: User) -> None:
        gone = lead("Gone", company_name="Armor", owner=None)
        Visitor(max_).post(f"/leads/{gone.pk}/do/lose/")

        answer = self.post(max_, [lead("Raw"), gone], owners=[anna.pk])

        assert "1 lead converted, 1 left out" in answer.toast
        gone.refresh_from_db()
        assert (gone.kind, gone.owner) == ("lead", None)
        assert not Contact.objects.filter(name="Armor").exists()

    def test_makes_one_customer_for_one_address(self, max_: User) -> None:
        known = person("Known", email="k@known.example")
        rows = [lead("A", email="new@one.example", contact_name="New"), lead("B", email="new@one.example"),
                lead("C", email="K@known.example")]  # fmt: skip

        self.post(max_, rows, duplicates="separate")

        assert Contact.objects.count() == 2
        assert [d.contact.name for d in Opportunity.objects.order_by("pk")] == ["New", "New", known.name]

    def test_takes_in_an_opportunity_that_nobody_selected(self, max_: User, anna: User) -> None:
        sold = deal("Sold", email=MAIL, owner=anna)
        rows = [lead("A", email=MAIL), lead("B", email=MAIL, phone="02 61 91 40 12"), lead("C")]

        answer = self.post(max_, rows)

        assert "1 lead converted, 2 merged" in answer.toast
        assert {d.pk for d in Deal.objects.all()} == {sold.pk, rows[2].pk}
        assert Opportunity.objects.get(pk=sold.pk).phone == "02 61 91 40 12"

    def test_takes_in_nothing_out_of_reach(self, anna: User, ben: User) -> None:
        theirs = deal("Theirs", email=MAIL, owner=ben)

        self.post(anna, [lead("A", email=MAIL), lead("B")])

        theirs.refresh_from_db()
        assert Opportunity.objects.count() == 3

    def test_is_one_step_that_is_undone(self, max_: User) -> None:
        deal("Sold", email=MAIL)
        rows = [lead("A", email=MAIL), lead("B", company_name="B SA"), lead("C", email="c@c.example"),
                lead("D", email="c@c.example")]  # fmt: skip
        before = set(Deal.objects.values_list("pk", "name", "kind", "email", "contact"))

        answer = self.post(max_, rows)
        assert Operation.objects.filter(command="lead.convert").count() == 1
        Visitor(max_).post(answer.undo)

        assert set(Deal.objects.values_list("pk", "name", "kind", "email", "contact")) == before
        assert not Contact.objects.exists()

    def test_lets_the_order_be_changed(self, max_: User, anna: User, ben: User) -> None:
        raw = [lead("1").pk, lead("2").pk]

        shown = (
            Visitor(max_)
            .get("/leads/do/convert/", part=True, id=raw, owners=[anna.pk, ben.pk], up=ben.pk)
            .text
        )

        assert shown.index("1. Ben Morvan") < shown.index("2. Anna Kerbrat")


class TestApi:
    def call(self, user: User, path: str, body: dict[str, Any]) -> Any:
        client = Visitor(user).client
        response = client.post(f"/api/v1/{path}", json.dumps(body), "application/json")
        return response.status_code, response.json()

    def test_converts(self, anna: User) -> None:
        raw = lead(owner=anna, company_name="Kerbrat")

        status, body = self.call(anna, f"leads/{raw.pk}/convert", {"customer_action": "create"})

        assert (status, body["id"], body["contact"]) == (200, raw.pk, Contact.objects.get().pk)
        assert body["stage"] and body["operation"]
        assert Opportunity.objects.get().owner == anna

    def test_proposes_as_the_dialog_does(self, anna: User) -> None:
        known = person("Soizic", email=MAIL)
        raw = lead(owner=anna, email=MAIL)

        status, body = self.call(anna, f"leads/{raw.pk}/convert", {})

        assert (status, body["contact"], body["owner"]) == (200, known.pk, anna.pk)

    def test_merges(self, anna: User) -> None:
        sold = deal(owner=anna)
        raw = lead(owner=anna)

        status, body = self.call(anna, f"leads/{raw.pk}/convert", {"merge_with": sold.pk})

        assert (status, body["id"]) == (200, sold.pk)
        assert not Lead.objects.exists()

    def test_refuses_a_lost_one(self, anna: User) -> None:
        raw = lead(owner=anna)
        self.call(anna, f"leads/{raw.pk}/lose", {})

        status, body = self.call(anna, f"leads/{raw.pk}/convert", {})

        assert status == 409 and "Reopen it first" in body["detail"]

    def test_says_what_does_not_hold(self, anna: User, ben: User) -> None:
        raw = lead(owner=anna)

        status, body = self.call(anna, f"leads/{raw.pk}/convert", {"merge_with": deal(owner=ben).pk})
        assert status == 422 and "merge_with" in body["errors"]
        status, body = self.call(anna, f"leads/{raw.pk}/convert", {"customer_action": "steal"})
        assert status == 422 and "customer_action" in body["errors"]

    def test_converts_many(self, max_: User, anna: User, ben: User) -> None:
        rows = [lead("1", email=MAIL), lead("2", email=MAIL), lead("3")]

        status, body = self.call(
            max_, "leads/convert", {"ids": [one.pk for one in rows], "owners": [ben.pk, anna.pk]}
        )

        assert status == 200 and body["message"] == "2 leads converted, 1 merged"
        assert [d.owner for d in Opportunity.objects.order_by("pk")] == [ben, anna]
