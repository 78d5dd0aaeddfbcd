"""Similar records, in a browser: named while one types, and judged by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from piste.accounts.models import User
from piste.contacts import pairing
from piste.contacts.duplicates import CUSTOMERS
from piste.contacts.models import DifferentPair
from piste.pipeline.models import Opportunity
from tests import factories
from tests.browser.chromium import axe_findings
from tests.browser.conftest import Opener
from tests.conftest import NOON, Stages


def test_names_similar_records_while_one_types(opened: Opener, anna: User, stages: Stages) -> None:
    factories.company("Armor Conserves", city="Lorient")
    page = opened(anna, "/opportunities/new/", language="fr")

    page.get_by_label("Société", exact=False).first.press_sequentially("armor conserve")

    expect(page.locator("#similar")).to_contain_text("Armor Conserves")
    expect(page.locator("#similar")).to_contain_text("nom proche")
    page.get_by_label("Société", exact=False).first.fill("")
    expect(page.locator("#similar a")).to_have_count(0)


def test_names_them_under_the_line_of_the_board_and_adds_all_the_same(
    opened: Opener, anna: User, stages: Stages
) -> None:
    factories.company("Armor Conserves")
    page = opened(anna, "/opportunities/", language="en")
    page.locator("[data-quick]").first.click()
    line = page.locator("piste-quick .input").first

    line.press_sequentially("Armor Conserves 12k")
    expect(page.locator("piste-quick .similar").first).to_contain_text("Armor Conserves")
    line.press("Enter")

    expect(page.locator(".card-name")).to_have_text(["Armor Conserves"])
    expect(page.locator("piste-quick .similar a")).to_have_count(0)
    assert Opportunity.objects.count() == 1


def test_pairs_are_judged_by_keyboard(opened: Opener, max_: User) -> None:
    for name in ("Armor Conserves", "ARMOR-CONSERVES", "Kerbrat", "Kerbrat SARL"):
        factories.company(name)
    pairing.search(CUSTOMERS, at=NOON)
    page = opened(max_, "/duplicates/", language="en")

    page.keyboard.press("s")
    expect(page.locator("#pair-title")).to_have_text("Pair 2 of 2")
    page.keyboard.press("n")

    expect(page.locator("#pair-title")).to_have_text("Pair 1 of 1")
    assert DifferentPair.objects.count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#pair-title")).to_contain_text("of 2")
    assert not DifferentPair.objects.exists()


def test_a_page_leads_to_its_similar_records_and_tells_them_apart(opened: Opener, anna: User) -> None:
    armor = factories.company("Armor Conserves", email="contact@armor.example")
    factories.company("Armor Conserve", email="contact@armor.example")
    page = opened(anna, f"/customers/{armor.pk}/", language="fr")

    page.get_by_role("link", name="1 fiche semblable").click()
    expect(page.get_by_role("link", name="Similaires")).to_have_attribute("aria-current", "page")
    expect(page.locator(".similar-banner")).to_have_count(0)
    page.get_by_role("button", name="Différentes").click()
    expect(page.locator(".record-tab")).to_contain_text("Aucune fiche semblable")
    page.get_by_role("button", name="Annuler").click()

    page.locator(".similar-acts").get_by_role("link", name="Fusionner").click()
    expect(page.locator("#dialog piste-merge")).to_be_visible()


def test_the_banner_stays_up_to_date_with_what_is_edited_in_place(
    opened: Opener, anna: User, stages: Stages
) -> None:
    factories.deal("Site web", email="marie@mer.example", owner=anna)
    deal = factories.deal("Site Web", company_name="Kerbrat", owner=anna)
    page = opened(anna, f"/opportunities/{deal.pk}/", language="en")
    expect(page.locator(".similar-banner")).to_have_count(0)

    page.get_by_role("button", name="E-mail: —").click()
    page.locator("input[name=email]").fill("marie@mer.example")
    page.locator("input[name=email]").press("Enter")

    expect(page.locator(".similar-banner")).to_have_text("1 similar record")


def test_asks_before_a_customer_is_told_and_tells_it(opened: Opener, anna: User, stages: Stages) -> None:
    marie = factories.person("Marie Durand", email="marie@armor.example", city="Lorient")
    page = opened(anna, f"/opportunities/new/?contact={marie.pk}", language="en")
    page.locator("#id_name").fill("Site web")
    expect(page.locator("#id_email")).to_have_value("marie@armor.example")
    page.locator("#id_email").fill("m.durand@armor.example")
    box = page.get_by_label("Also change it on “Marie Durand”")

    expect(box).to_be_checked()
    expect(page.locator("#similar")).to_contain_text("Lorient")
    box.uncheck()
    page.locator("#id_phone").press_sequentially("02 61 91 40 12")
    expect(page.locator("#similar")).to_contain_text("02 61 91 40 12")
    expect(box).not_to_be_checked()
    box.check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/opportunities/*/")

    marie.refresh_from_db()
    assert (marie.email, marie.phone) == ("m.durand@armor.example", "02 61 91 40 12")
    assert Opportunity.objects.get().city == "Lorient"


def test_the_form_follows_the_customer_around_what_was_typed(
    opened: Opener, anna: User, stages: Stages
) -> None:
    armor = factories.company("Armor Conserves", country="FR", city="Lorient", street="1 quai Sud")
    factories.person("Marie Durand", parent=armor, email="marie@armor.example", phone="02 61 91 40 12")
    factories.person("Paul Riou", email="paul@riou.example", city="Brest", country="BE", language="fr")
    page = opened(anna, "/opportunities/new/", language="en")
    values = {
        name: page.locator(f"#id_{name}") for name in ("email", "phone", "contact_name", "city", "country")
    }
    page.locator("#id_name").fill("Site web")
    values["phone"].press_sequentially("02 97 00 00 00")

    choose(page, "Marie")
    expect(values["email"]).to_have_value("marie@armor.example")
    expect(page.locator("#id_company_name")).to_have_value("Armor Conserves")
    expect(page.locator("#similar")).to_contain_text("Filled in from the customer")
    expect(values["phone"]).to_have_value("02 97 00 00 00")
    values["contact_name"].fill("")

    choose(page, "Paul")
    expect(values["email"]).to_have_value("paul@riou.example")
    expect(values["country"]).to_have_value("BE")
    expect(page.locator("#id_company_name")).to_have_value("")
    expect(values["contact_name"]).to_have_value("")
    expect(values["phone"]).to_have_value("02 97 00 00 00")
    page.get_by_label("Also change it on “Paul Riou”").uncheck()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/opportunities/*/")

    deal = Opportunity.objects.get()
    assert (deal.email, deal.phone, deal.contact_name) == ("paul@riou.example", "02 97 00 00 00", "")
    assert (deal.city, deal.country, deal.language, deal.company_name) == ("Brest", "BE", "fr", "")


def test_a_form_that_comes_back_still_knows_what_was_typed(
    opened: Opener, anna: User, stages: Stages
) -> None:
    for name in ("Marie", "Paul"):
        factories.person(name, email=f"{name.lower()}@armor.example", phone="02 61 91 40 12")
    page = opened(anna, "/opportunities/new/", language="en")
    choose(page, "Marie")
    expect(page.locator("#id_email")).to_have_value("marie@armor.example")
    page.locator("#id_phone").fill("")

    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field.wrong #id_name")).to_be_visible()
    choose(page, "Paul")

    expect(page.locator("#id_email")).to_have_value("paul@armor.example")
    expect(page.locator("#id_phone")).to_have_value("")


def choose(page: Page, name: str) -> None:
    """Choose a customer by typing."""
    page.locator("#id_contact").fill(name)
    page.get_by_role("option", name=name).first.click()


@pytest.mark.parametrize(("language", "theme", "width"), [("fr", "light", 1440), ("en", "dark", 390)])
def test_is_accessible(
    opened: Opener, max_: User, stages: Stages, language: str, theme: str, width: int
) -> None:
    armor = factories.company("Armor Conserves", email="contact@armor.example")
    factories.company("ARMOR-CONSERVES", email="contact@armor.example")
    pairing.search(CUSTOMERS, at=NOON)

    page = opened(max_, f"/customers/{armor.pk}/", language=language, theme=theme, width=width)
    expect(page.locator(".similar-banner")).to_be_visible()
    tab = opened(max_, f"/customers/{armor.pk}/?tab=similar", language=language, theme=theme, width=width)
    expect(tab.locator(".similar-acts")).to_be_visible()
    pairs = opened(max_, "/duplicates/", language=language, theme=theme, width=width)
    expect(pairs.locator("#pair-title")).to_be_visible()
    form = opened(max_, "/customers/new/", language=language, theme=theme, width=width)
    form.locator("#id_email").press_sequentially("contact@armor.example")
    form.locator("#similar a").first.wait_for()

    assert [axe_findings(each) for each in (page, tab, pairs, form)] == [[], [], [], []]
