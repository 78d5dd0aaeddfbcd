"""An import says which rows look like records that were there, before it and after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.pipeline.models import Opportunity, Stage
from piste.ui.exchange import running
from piste.ui.exchange.loading import load_file
from piste.ui.exchange.models import ImportJob
from tests.exchange.conftest import Write


def similar(path: Path, into: str, user: User) -> list[tuple[int, str, str, str]]:
    rows = load_file(into, path, user, via="test").similar
    return [(row.line, row.name, row.other, row.why) for row in rows]


@pytest.mark.usefixtures("pipeline")
def test_customers_by_address_number_and_name(write: Write, max: User) -> None:
    Contact.objects.create(name="Armor Conserves SARL")
    Contact.objects.create(name="Ménez", phone="02 61 91 40 12", country="FR")
    file = write(
        "Name;E-mail;Phone\nEtoile;HELLO@etoile.example;\nArmor-Conserves;;\nAutre;;+33261914012\nNeuf;;\n"
    )

    assert similar(file, "customers", max) == [
        (2, "Etoile", "Société Étoile", "same e-mail, similar name"),
        (3, "Armor-Conserves", "Armor Conserves SARL", "similar name"),
        (4, "Autre", "Ménez", "same phone"),
    ]


def test_deals_of_the_same_customer_only_if_called_alike(
    write: Write, pipeline: dict[str, Stage], max: User
) -> None:
    etoile = Contact.objects.get()
    Opportunity.objects.create(name="Fours", contact=etoile, email="hello@etoile.example")
    file = write("Title;Email\nfours;hello@etoile.example\nMaintenance;hello@etoile.example\n")

    assert [row[:3] for row in similar(file, "opportunities", max)] == [(2, "fours", "Fours")]


def test_rows_of_the_file_are_not_compared_with_each_other(
    write: Write, pipeline: dict[str, Stage], max: User
) -> None:
    Contact.objects.all().delete()

    assert similar(write("Name;E-mail\nA;a@a.example\nB;a@a.example\n"), "customers", max) == []


def test_names_no_record_out_of_reach(
    write: Write, pipeline: dict[str, Stage], anna: User, ben: User
) -> None:
    Opportunity.objects.create(name="Fours", owner=ben, email="hello@etoile.example")
    file = write("Title;Email\nFours;hello@etoile.example\n")

    assert similar(file, "opportunities", anna) == [(2, "Fours", "a record that you may not see", "")]


@pytest.mark.urls("tests.exchange.urls")
@pytest.mark.usefixtures("pipeline")
def test_the_wizard_shows_them_before_and_after(max: User, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    client = Client()
    client.force_login(max)
    content = b"Name;E-mail\nEtoile SARL;hello@etoile.example\nNeuf;\n"
    client.post("/import/", {"into": "customers", "file": SimpleUploadedFile("c.csv", content)})
    job = ImportJob.objects.get()

    running.start(job, rehearse=True)
    before = client.get(f"/import/{job.pk}/").content.decode()
    job.refresh_from_db()
    job.state = ImportJob.State.RUNNING
    job.save()
    running.run(job)
    after = client.get(f"/import/{job.pk}/").content.decode()

    for page in (before, after):
        assert "1 row looks like a record you have" in page
        assert "Société Étoile" in page
        assert "same e-mail" in page
