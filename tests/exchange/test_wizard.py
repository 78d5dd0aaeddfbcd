"""The wizard in the browser: file, columns, check, import, result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.pipeline.models import Opportunity, Stage
from piste.ui.exchange import running
from piste.ui.exchange.models import ImportJob
from piste.ui.exchange.tasks import import_file

pytestmark = pytest.mark.urls("tests.exchange.urls")

DEALS = (
    "Deal - Title;Deal - Value;Deal - Stage;Deal - Owner\n"
    "Fours;8000;Proposal;Anna Martin\n"
    "Pains;x;Negotiation;\n"
)


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def browser(pipeline: dict[str, Stage]) -> Callable[[User], Client]:
    """A browser in which somebody is signed in."""

    def signed_in(user: User) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(user)
        return client

    return signed_in


def upload(
    client: Client, text: str | bytes = DEALS, into: str = "opportunities", name: str = "deals.csv"
) -> HttpResponse:
    content = text.encode() if isinstance(text, str) else text
    return client.post("/import/", {"into": into, "file": SimpleUploadedFile(name, content)})  # type: ignore[return-value]


def text(response: HttpResponse) -> str:
    return response.content.decode()


def work() -> None:
    """Do what the worker would."""
    for job in ProcrastinateJob.objects.filter(task_name="ui.import_file"):
        import_file(**job.args)


def checked(client: Client, **changes: str) -> ImportJob:
    upload(client)
    job = ImportJob.objects.get()
    columns = {"column-0": "name", "column-1": "expected_revenue", "column-2": "stage", "column-3": "owner"}
    client.post(f"/import/{job.pk}/columns/", {**columns, "act": "check", **changes})
    job.refresh_from_db()
    return job


def test_asks_for_the_file_and_what_it_holds(browser: Callable[[User], Client], max: User) -> None:
    page = browser(max).get("/import/?into=customers")

    assert page.status_code == 200
    assert 'value="customers" checked' in text(page)
    assert 'type="file"' in text(page)
    assert 'value="users"' not in text(page)


def test_says_what_is_wrong_with_a_file(browser: Callable[[User], Client], max: User) -> None:
    client = browser(max)

    for content in (b"", b"\x89PNG" + bytes(range(256)) * 20):
        page = upload(client, content)
        assert page.status_code == 422
        assert 'role="alert"' in text(page)
    assert upload(client, into="users").status_code == 422
    assert client.post("/import/", {"into": "opportunities"}).status_code == 422
    assert not ImportJob.objects.exists()


def test_recognises_the_program_and_matches_columns(browser: Callable[[User], Client], max: User) -> None:
    client = browser(max)

    answer = upload(client)

    job = ImportJob.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/import/{job.pk}/")
    page = text(client.get(f"/import/{job.pk}/"))
    assert "Pipedrive" in page
    assert '<option value="expected_revenue" selected>' in page
    assert "8000" in page
    assert job.path.exists()
    assert "deals" not in job.path.name


def test_shows_nothing_of_an_import_to_others(
    browser: Callable[[User], Client], max: User, ben: User
) -> None:
    job = checked(browser(max))
    other = browser(ben)

    for step in ("", "columns/", "progress/", "rejected/"):
        assert other.get(f"/import/{job.pk}/{step}").status_code == 404
    for step in ("columns/", "words/", "run/", "discard/"):
        assert other.post(f"/import/{job.pk}/{step}").status_code == 404
    assert "deals.csv" not in text(other.get("/import/"))


def test_checks_without_writing(browser: Callable[[User], Client], max: User, anna: User) -> None:
    client = browser(max)

    job = checked(client)

    assert (job.state, job.created, job.refused) == ("checked", 1, 1)
    assert not Opportunity.objects.exists()
    page = text(client.get(f"/import/{job.pk}/"))
    assert "Import 1 row" in page
    assert "12,4k" in page
    assert "Negotiation" in page


def test_writes_in_the_worker_and_shows_the_result(
    browser: Callable[[User], Client], max: User, anna: User
) -> None:
    client = browser(max)
    job = checked(client)

    client.post(f"/import/{job.pk}/run/")
    waiting = client.get(f"/import/{job.pk}/")
    polled = client.get(f"/import/{job.pk}/progress/", headers={"HX-Request": "true"})
    work()
    work()

    assert 'hx-trigger="every 1s"' in text(waiting)
    assert text(polled).lstrip().startswith("<section")
    deal = Opportunity.objects.get()
    assert (deal.name, deal.owner) == ("Fours", anna)
    job.refresh_from_db()
    assert (job.state, job.created, job.refused, job.share) == ("done", 1, 1, 100)
    assert job.operation is not None
    assert job.operation.via == "import"
    assert job.operation.about["file"] == "deals.csv"
    page = text(client.get(f"/import/{job.pk}/"))
    assert f"/operations/{job.operation_id}/undo/" in page
    moved = client.get(f"/import/{job.pk}/progress/", headers={"HX-Request": "true"})
    assert moved.headers["HX-Redirect"] == f"/import/{job.pk}/"


def test_gives_the_refused_rows_back(browser: Callable[[User], Client], max: User, anna: User) -> None:
    client = browser(max)
    job = checked(client)

    answer = client.get(f"/import/{job.pk}/rejected/")

    lines = b"".join(answer).decode("utf-8-sig").splitlines()  # type: ignore[call-overload]
    assert lines[0] == "Deal - Title,Deal - Value,Deal - Stage,Deal - Owner,Line,Column,Reason"
    assert lines[1].startswith("Pains,x,Negotiation,,3,")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_lets_words_be_given_a_meaning(
    browser: Callable[[User], Client], max: User, pipeline: dict[str, Stage]
) -> None:
    client = browser(max)
    job = checked(client)
    assert [word["word"] for word in job.unknown["stage"]] == ["Negotiation"]

    client.post(f"/import/{job.pk}/words/", {"word-stage-0": pipeline["proposal"].pk, "word-owner-0": "0"})

    job.refresh_from_db()
    assert job.plan["values"]["stage"] == {"negotiation": pipeline["proposal"].pk}
    assert [reason for _line, _column, reason in job.problems if "Negotiation" in reason] == []


def test_refuses_two_columns_for_one_field(browser: Callable[[User], Client], max: User) -> None:
    client = browser(max)
    upload(client)
    job = ImportJob.objects.get()

    page = client.post(f"/import/{job.pk}/columns/", {"column-0": "name", "column-1": "name"})

    assert page.status_code == 422
    assert "Deal - Value" in text(page)


def test_reads_the_file_another_way_if_told(browser: Callable[[User], Client], max: User) -> None:
    client = browser(max)
    upload(client, "x;y\nName;Amount\nA;1\n")
    job = ImportJob.objects.get()

    client.post(f"/import/{job.pk}/columns/", {"act": "read", "header_line": "2"})

    assert '<option value="expected_revenue" selected>' in text(client.get(f"/import/{job.pk}/"))


def test_survives_nonsense(browser: Callable[[User], Client], max: User) -> None:
    client = browser(max)
    upload(client)
    job = ImportJob.objects.get()

    for wrong in (
        {"act": "read", "encoding": "klingon"},
        {"act": "read", "sheet": "nowhere", "separator": ";;"},
        {"act": "read", "header_line": "99999"},
        {"column-0": "password", "column-1": "id"},
        {"column-0": "name", "owner": "999999", "day_first": "x"},
    ):
        answer = client.post(f"/import/{job.pk}/columns/", wrong)
        assert answer.status_code in (303, 422), wrong
        assert client.get(f"/import/{job.pk}/").status_code in (200, 422), wrong
    assert client.post(f"/import/{job.pk}/words/", {"word-stage-0": "999999"}).status_code == 303


def test_says_why_an_import_failed(browser: Callable[[User], Client], max: User) -> None:
    client = browser(max)
    job = checked(client)
    client.post(f"/import/{job.pk}/run/")
    max.role = "salesperson-own"
    max.is_active = False
    max.save()

    work()

    job.refresh_from_db()
    assert job.state == "failed"
    assert job.error
    assert not Opportunity.objects.exists()


def test_forgets_a_file(browser: Callable[[User], Client], max: User) -> None:
    client = browser(max)
    job = checked(client)

    client.post(f"/import/{job.pk}/discard/")

    assert not ImportJob.objects.exists()
    assert not job.path.exists()
    assert not job.rejected_path.exists()


def test_forgets_old_files_by_itself(browser: Callable[[User], Client], max: User) -> None:
    from datetime import timedelta

    from django.utils import timezone

    job = checked(browser(max))
    ImportJob.objects.update(began_at=timezone.now() - timedelta(days=31))

    assert running.sweep() == 1
    assert not job.path.exists()


def test_speaks_french(browser: Callable[[User], Client], max: User) -> None:
    max.language = "fr"
    max.save()
    client = browser(max)

    assert client.get("/import/").headers["Content-Language"] == "fr"
    job = checked(client)
    assert client.get(f"/import/{job.pk}/").status_code == 200


def test_imports_customers(browser: Callable[[User], Client], anna: User) -> None:
    client = browser(anna)
    upload(client, "Nom;E-mail;Société liée\nMarie Durand;marie@durand.example;Durand SA\n", into="customers")
    job = ImportJob.objects.get()
    columns = {"column-0": "name", "column-1": "email", "column-2": "parent", "act": "check"}

    client.post(f"/import/{job.pk}/columns/", columns)
    client.post(f"/import/{job.pk}/run/")
    work()

    assert Contact.objects.get(name="Marie Durand").family.name == "Durand SA"


def test_gives_templates_to_fill_in(browser: Callable[[User], Client], max: User) -> None:
    client = browser(max)

    assert client.get("/import/template/customers/").content.decode("utf-8-sig").startswith("Name,")
    assert client.get("/import/template/users/").status_code == 404


def test_undoes_an_import_from_its_result(browser: Callable[[User], Client], max: User, anna: User) -> None:
    client = browser(max)
    job = checked(client)
    client.post(f"/import/{job.pk}/run/")
    work()
    job.refresh_from_db()
    back = f"/import/{job.pk}/"

    answer = client.post(
        f"/operations/{job.operation_id}/undo/", headers={"Referer": f"http://testserver{back}"}
    )

    assert answer.status_code == 303
    assert not Opportunity.objects.exists()
    assert "undone" in text(client.get(back))
