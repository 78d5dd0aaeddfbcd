"""Leads in the browser: a morning's triage without a mouse, a conversion, and the option."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from piste.contacts.models import Contact
from piste.pipeline.models import Lead, LeadUse, Opportunity, PipelineSettings
from tests import factories
from tests.browser.chromium import axe_findings

pytestmark = pytest.mark.django_db(transaction=True)

#: Ten people whom nobody would take for each other.
PEOPLE = ("Marc Gonidec", "Enora Briand", "Samira Haddad", "Tanguy Stephant", "Julie Masson", "Rozenn Jaouen",
          "Paul Cariou", "Nadia Benali", "Bruno Charrier", "Fatoumata Diallo")  # fmt: skip


@pytest.fixture
def on(transactional_db):
    PipelineSettings(pk=1, leads=LeadUse.ON).save()


@pytest.fixture
def reason(transactional_db):
    return factories.lost_reason("Trop cher", name_en="Too expensive")


def focused(page: Page, name: str) -> None:
    expect(page.locator(".row-link:focus")).to_contain_text(name)


def convert(page: Page, left: int) -> None:
    page.keyboard.press("Shift+C")
    expect(page.locator("#dialog[open] #convert")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dialog[open]")).to_have_count(0)
    expect(page.locator("#rows tr[data-id]")).to_have_count(left)


def lose_two(page: Page, names: list[str]) -> None:
    # The two after these are lost, one with a look back first.
    page.keyboard.press("j")
    focused(page, names[7])
    page.keyboard.press("k")
    for left in (3, 2):
        page.keyboard.press("l")
        expect(page.get_by_label("Too expensive")).to_be_focused()
        page.keyboard.press("Space")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#rows tr[data-id]")).to_have_count(left)


def give_away_and_edit(page: Page, names: list[str]) -> None:
    # One is given to a colleague, and leaves the reader's own; the last is edited, then converted.
    focused(page, names[8])
    page.keyboard.press("a")
    expect(page.locator("#dialog select")).to_be_focused()
    page.keyboard.press("B")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#rows tr[data-id]")).to_have_count(1)
    focused(page, names[9])
    page.keyboard.press("e")
    page.locator("#id_name").fill("Lead 09, larger")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("Lead 09, larger")
    page.keyboard.press("Shift+C")
    expect(page.locator("#dialog[open] #convert")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/opportunities/**")


def test_qualifies_ten_leads_by_keyboard_only(opened, stages, on, anna, ben, reason):
    names = [f"Lead {number:02}" for number in range(10)]
    for name, person in zip(names, PEOPLE, strict=True):
        word = person.split()[1].lower()
        factories.lead(name, owner=anna, contact_name=person, email=f"contact@{word}.example")
    page = opened(anna, "/leads/")

    page.keyboard.press("j")
    focused(page, names[0])
    page.keyboard.press(" ")
    expect(page.locator("#panel-body h1")).to_contain_text(names[0])
    page.keyboard.press("Escape")
    for turn in range(6):
        focused(page, names[turn])
        convert(page, 9 - turn)
    lose_two(page, names)
    give_away_and_edit(page, names)

    assert set(Opportunity.objects.values_list("name", flat=True)) == {*names[:6], "Lead 09, larger"}
    assert Contact.objects.count() == 7
    assert sorted(Lead.objects.values_list("name", "status", "owner__name")) == [
        (names[6], "lost", anna.name), (names[7], "lost", anna.name), (names[8], "open", ben.name)
    ]  # fmt: skip
    # The first was looked at in the panel, and the last on its page.
    assert set(Opportunity.objects.exclude(opened_at=None).values_list("name", flat=True)) == {
        names[0],
        "Lead 09, larger",
    }


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fr", "dark")])
def test_sees_what_a_conversion_will_do_and_takes_it_back(opened, stages, on, anna, language, theme):
    factories.deal("Refonte du site", owner=anna, email="s@kerbrat.example", company_name="Maison Kerbrat")
    raw = factories.lead("Formation", owner=anna, email="s@kerbrat.example", company_name="Maison Kerbrat",
                         contact_name="Soizic Kerbrat")  # fmt: skip
    page = opened(anna, "/leads/", language=language, theme=theme)

    page.keyboard.press("j")
    page.keyboard.press("Shift+C")
    expect(page.locator("#dialog .resembles")).to_be_visible()
    expect(page.locator("#dialog .to-merge")).to_be_visible()
    assert axe_findings(page) == []
    page.locator("#dialog .answer").first.click()
    expect(page.locator("#dialog .effects li")).to_have_count(3)
    expect(page.locator("#dialog .to-convert")).to_be_visible()
    assert axe_findings(page) == []
    page.locator("#dialog [type=submit]").click()

    expect(page.locator("#rows tr[data-id]")).to_have_count(0)
    assert Opportunity.objects.get(pk=raw.pk).contact.parent.name == "Maison Kerbrat"
    page.keyboard.press("Control+z")
    expect(page.locator("#rows tr[data-id]")).to_have_count(1)
    assert Lead.objects.get() == raw and not Contact.objects.exists()


def test_converts_several_in_turn(opened, stages, on, max_, anna, ben):
    for number in range(4):
        factories.lead(f"Lead {number}", company_name=f"Company {number}")
    page = opened(max_, "/leads/", language="en")

    page.keyboard.press("j")
    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+C")
    page.get_by_label("Anna Kerbrat").check()
    expect(page.get_by_label("1. Anna Kerbrat")).to_be_checked()
    page.get_by_label("Ben Morvan").check()
    page.get_by_role("button", name="Ben Morvan earlier").click()
    expect(page.get_by_label("1. Ben Morvan")).to_be_checked()
    expect(page.locator("#dialog .plan tbody tr").first).to_contain_text("Ben Morvan")
    assert axe_findings(page) == []
    page.keyboard.press("Control+Enter")

    expect(page.locator("#dialog")).to_contain_text("4 leads converted")
    assert axe_findings(page) == []
    assert [d.owner for d in Opportunity.objects.order_by("pk")] == [ben, anna, ben, anna]


def test_turns_leads_off_and_on(opened, stages, on, max_):
    factories.lead("Réseau Wi-Fi")
    page = opened(max_, "/settings/", language="en")
    assert axe_findings(page) == []

    page.locator("#leads-leads").get_by_label("Off").check()
    expect(page.locator("#dialog[open]")).to_be_visible()
    page.locator("#dialog footer [data-close]").click()
    expect(page.locator("#leads-leads").get_by_label("On")).to_be_checked()
    page.locator("#leads-leads").get_by_label("Off").check()
    page.get_by_label("Keep them readable").check()
    assert axe_findings(page) == []
    page.locator("#dialog [type=submit]").click()
    expect(page.locator("#dialog[open]")).to_have_count(0)
    expect(page.locator("#leads-leads").get_by_label("Off")).to_be_checked()
    assert PipelineSettings.get().leads == LeadUse.READ_ONLY

    page.locator(".toast").get_by_role("button", name="Undo").first.click()
    expect(page.locator("#leads-leads").get_by_label("On")).to_be_checked()
    page.locator("#leads-leads summary").click()
    expect(page.locator("#leads-leads .timeline")).to_contain_text("Max Quéré")
    assert PipelineSettings.get().leads == LeadUse.ON
