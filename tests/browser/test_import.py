"""A file with bad rows goes through the whole wizard: nothing is lost, and it can be taken back."""

from __future__ import annotations

import csv
import io
import os
import re
import threading
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from piste.contacts.models import Contact
from piste.pipeline.models import Opportunity
from piste.ui.exchange.models import ImportJob
from piste.ui.exchange.tasks import import_file
from tests.browser.chromium import axe_findings

pytestmark = pytest.mark.django_db(transaction=True)

LINES = (
    "Opportunité;Client;Revenu espéré;Étape;Clôture prévue",
    "Plateforme de réservation;Îles & Voiles;38 000;Nouveau;15/04/2026",
    "Audit énergétique;Mairie de Lorient;12,4k;Qualifié;30/04/2026",
    ";Sans nom SARL;900;Nouveau;",
    "Mauvais montant;Armor Conserves;beaucoup;Nouveau;31/02/2026",
    "Étape inconnue;Armor Conserves;500;Négociation;",
    "Trop de cellules;Armor Conserves;500;Nouveau;;en;trop",
    "Octets cass\xff\xffs;Armor Conserves;500;Nouveau;",
)
WORDS = {
    "en": {
        "next": "Next: columns", "check": "Next: check", "run": "Import 2 rows", "done": "Import done",
        "refused": "5 rows refused", "download": "Refused rows as CSV", "undo": "Undo the import",
        "undone": "This import was undone.", "again": "Check again", "left": "4 rows refused", "three": "Import 3 rows",
        "reason": "Reason", "wait": "Importing",
    },
    "fr": {
        "next": "Suite : colonnes", "check": "Suite : vérification", "run": "Importer 2 lignes", "done": "Import terminé",
        "refused": "5 lignes refusées", "download": "Lignes refusées en CSV", "undo": "Annuler l’import",
        "undone": "Cet import a été annulé.", "again": "Vérifier de nouveau", "left": "4 lignes refusées",
        "three": "Importer 3 lignes", "reason": "Motif", "wait": "Import en cours",
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def deals(tmp_path) -> Path:
    """What a neighbour's spreadsheet gives: two good rows, five that are bad, each in its own way."""
    path = tmp_path / "affaires.csv"
    path.write_bytes("\r\n".join(LINES).encode().replace("ÿÿ".encode(), b"\xff\xff"))
    return path


def work() -> None:
    """Do what the worker would, in a thread of its own as it does."""

    def run() -> None:
        for job in ProcrastinateJob.objects.filter(task_name="ui.import_file"):
            import_file(**job.args)
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


class Walk:
    """One walk through the wizard; each step is looked at, by axe and for whoever wants its picture."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name, self.findings = page, name, {}

    def look(self, step: str) -> None:
        self.page.wait_for_load_state("networkidle")
        if found := axe_findings(self.page):
            self.findings[step] = found
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.page.viewport_size["width"]
        if folder := os.environ.get("PISTE_PICTURES"):
            self.page.screenshot(path=Path(folder) / f"import-{self.name}-{step}.png", full_page=True)

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label).click()


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [("en", "light", 1440), ("fr", "dark", 1440), ("fr", "light", 390), ("en", "dark", 390)],
)
def test_imports_a_file_with_bad_rows(opened, stages, max_, deals, language, theme, width):
    said = WORDS[language]
    page = opened(max_, "/import/", language=language, theme=theme, width=width)
    walk = Walk(page, f"{language}-{theme}-{width}")

    walk.look("1-file")
    page.locator('input[type="file"]').set_input_files(deals)
    walk.press(said["next"])
    expect(page.locator('select[name="column-2"]')).to_have_value("expected_revenue")
    walk.look("2-columns")
    walk.press(said["check"])
    expect(page.get_by_role("heading", name=said["refused"])).to_be_visible()
    assert not Opportunity.objects.exists()
    walk.look("3-check")
    walk.press(said["run"])
    expect(page.get_by_role("heading", name=said["wait"])).to_be_visible()
    walk.look("4-waiting")
    work()
    expect(page.get_by_role("heading", name=said["done"])).to_be_visible()
    assert {deal.name for deal in Opportunity.objects.all()} == {
        "Plateforme de réservation",
        "Audit énergétique",
    }
    walk.look("5-result")
    assert_refused(page, said)
    walk.press(said["undo"])
    expect(page.get_by_text(said["undone"])).to_be_visible()
    walk.look("6-undone")

    assert not Opportunity.objects.exists()
    assert not Contact.objects.exists()
    assert walk.findings == {}


def assert_refused(page: Page, said: dict[str, str]) -> None:
    """Each bad row stands with its line, its column and why, on the page and in the file to correct."""
    rows = page.locator(".refusals tbody tr")
    assert [row.locator("th").inner_text() for row in rows.all()] == ["4", "5", "6", "7", "8"]
    with page.expect_download() as waiting:
        page.get_by_role("link", name=said["download"]).click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    read = list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
    assert [row["Opportunité"][:8] for row in read] == ["", "Mauvais ", "Étape in", "Trop de ", "Octets c"]
    shown = [row.locator(".reason").inner_text() for row in rows.all()]
    assert [row[said["reason"]] for row in read] == shown


def test_takes_a_word_for_a_stage(opened, stages, max_, deals):
    page = opened(max_, "/import/", language="fr")
    walk = Walk(page, "words")
    page.locator('input[type="file"]').set_input_files(deals)
    walk.press(WORDS["fr"]["next"])
    walk.press(WORDS["fr"]["check"])

    page.get_by_label("Négociation").select_option("Proposition")
    walk.press(WORDS["fr"]["again"])
    expect(page.get_by_role("heading", name=WORDS["fr"]["left"])).to_be_visible()
    walk.press(WORDS["fr"]["three"])
    expect(page.get_by_role("heading", name=WORDS["fr"]["wait"])).to_be_visible()
    work()
    expect(page.get_by_role("heading", name=WORDS["fr"]["done"])).to_be_visible()

    assert Opportunity.objects.get(name="Étape inconnue").stage == stages.proposition


def test_shows_how_far_it_is(opened, stages, max_, tmp_path):
    path = tmp_path / "beaucoup.csv"
    path.write_text("Name;Stage\n" + "".join(f"Deal {number};Nouveau\n" for number in range(6000)))
    page = opened(max_, "/import/")
    page.locator('input[type="file"]').set_input_files(path)
    page.get_by_role("button", name="Next: columns").click()
    page.get_by_role("button", name="Next: check").click()
    page.get_by_role("button", name="Import 6,000 rows").click()
    expect(page.get_by_role("progressbar")).to_be_visible()

    worker = threading.Thread(target=work)
    worker.start()
    expect(page.locator(".import-progress [role=status]")).to_have_text(
        re.compile(r"[1-9][\d,]* of 6,000 rows")
    )
    worker.join()

    expect(page.get_by_role("heading", name="Import done")).to_be_visible()
    assert ImportJob.objects.get().created == 6000
