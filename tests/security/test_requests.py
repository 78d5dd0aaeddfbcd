"""Every request: what answers carry, what reading leaves behind, what strangers may send."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from piste.accounts.models import User
from piste.pipeline.models import Opportunity
from piste.ui.acting import BULK_LIMIT
from piste.ui.screen import screens
from piste.ui.testing import Visitor, sample
from piste.ui.testing.crawling import crawl
from piste.ui.testing.visiting import asked, dialogs, looks, routes, views_of
from tests import factories
from tests.conftest import Stages

EVIL = "https://evil.example/trap"
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'",
    "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
}  # fmt: skip


@pytest.fixture
def deal(stages: Stages, ada: User) -> Opportunity:
    made: Opportunity = sample(Opportunity, owner=ada)
    return made


@pytest.fixture
def visitor(ada: User) -> Visitor:
    return Visitor(ada)


def every_address(deal: Opportunity) -> list[str]:
    """All addresses of the program, and every look at every screen and at one deal."""
    shown = [address for screen in screens() for address in (*looks(screen), *dialogs(screen))]
    deals = next(screen for screen in screens() if screen.slug == "opportunities")
    return [*routes(deal.pk).values(), *shown, *views_of(deals, deal.pk)]


def test_every_answer_carries_the_headers(deal: Opportunity, visitor: Visitor) -> None:
    answers = list(crawl(visitor, every_address(deal), limit=160))

    assert {200, 302, 404, 405} <= {answer.status for answer in answers}
    for answer in answers:
        policy = dict(
            part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
        )
        assert policy.items() >= POLICY.items(), answer.url
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(" ".join(policy.values()).split()), (
            answer.url
        )
        assert "no-store" in answer.headers["Cache-Control"], answer.url
        assert answer.headers["X-Content-Type-Options"] == "nosniff", answer.url
        assert answer.headers["X-Frame-Options"] == "DENY", answer.url
        assert answer.headers["Referrer-Policy"] == "same-origin", answer.url
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", answer.url


def test_no_page_has_script_or_style_of_its_own(deal: Opportunity, visitor: Visitor) -> None:
    for answer in crawl(visitor, ["/", f"/opportunities/{deal.pk}/", "/settings/", "/profile/"], limit=60):
        assert not answer.html.inline, (answer.url, answer.html.inline)


def contents() -> dict[str, tuple[int, int]]:
    """How many rows each table has, and a sum over all that they hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in tables:
            cursor.execute(f'SELECT count(*), coalesce(sum(hashtext(t::text)), 0) FROM "{name}" t')  # noqa: S608
            found[name] = cursor.fetchone()
    return found


def test_reading_writes_nothing(deal: Opportunity, visitor: Visitor) -> None:
    addresses = [address for address in every_address(deal) if "/export/" not in address]
    before = contents()

    for answer in crawl(visitor, addresses):
        if "/export/" not in answer.url:
            assert answer.status < 500, answer.url

    after = contents()
    # Exports, which links lead to, say who took what; allauth keeps half a second factor in the session.
    left = {name for name in after if after[name] != before[name]}
    assert left <= {"core_operation", "django_session"}
    assert after["django_session"][0] == before["django_session"][0]


def test_an_export_leaves_one_trace(deal: Opportunity, visitor: Visitor) -> None:
    before = contents()

    visitor.get("/opportunities/export/?format=csv")

    after = contents()
    assert {name for name in after if after[name] != before[name]} == {"core_operation"}
    assert after["core_operation"][0] == before["core_operation"][0] + 1


def test_nothing_is_changed_by_a_forged_form(deal: Opportunity, ada: User) -> None:
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(ada)
    pages = {
        pattern: address for pattern, address in routes(deal.pk).items() if not pattern.startswith("/api/")
    }

    answered = {
        pattern: forged.post(address, {"name": "Forged", "format": "csv"}).status_code
        for pattern, address in pages.items()
    }

    assert len(answered) > 150
    assert {pattern: status for pattern, status in answered.items() if status not in (403, 405)} == {}


def test_a_form_of_our_own_is_taken(deal: Opportunity, ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    page = client.get(f"/opportunities/{deal.pk}/").content.decode()
    token = page.partition('data-csrf="')[2].partition('"')[0]

    response = client.post(f"/opportunities/{deal.pk}/do/win/", headers={"X-CSRFToken": token})

    assert response.status_code == 303


def test_a_session_alone_changes_nothing_through_the_interface(deal: Opportunity, ada: User) -> None:
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(ada)
    address = f"/api/v1/opportunities/{deal.pk}"

    assert forged.post(f"{address}/win").status_code == 403
    assert forged.patch(address, "{}", content_type="application/json").status_code == 403
    assert forged.delete(address).status_code == 403


def test_refuses_more_fields_than_a_form_has(deal: Opportunity, visitor: Visitor) -> None:
    too_many = {f"field-{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}

    assert visitor.post("/opportunities/new/", too_many).status == 400


def test_refuses_a_body_beyond_all_measure(deal: Opportunity, visitor: Visitor) -> None:
    answer = visitor.client.post(
        "/opportunities/new/",
        b"name=" + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1),
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code in (400, 413)


def test_refuses_to_change_more_than_five_hundred_at_once(deal: Opportunity, visitor: Visitor) -> None:
    ids = [deal.pk, *range(10**6, 10**6 + BULK_LIMIT)]

    answer = visitor.post("/opportunities/do/win/", {"id": ids})

    assert answer.status == 409
    assert "500" in answer.toast
    deal.refresh_from_db()
    assert deal.status == "open"


@pytest.mark.parametrize("number", ["²", "9" * 30, "-1", "1e3", "0x1", "١"])
def test_refuses_numbers_that_are_none(deal: Opportunity, visitor: Visitor, number: str) -> None:
    assert visitor.post("/opportunities/do/win/", {"id": number}).status == 409
    assert visitor.get("/opportunities/new/", contact=number, tags=number, stage=number).status == 200
    assert visitor.get(asked("/opportunities/heads/", card=number)).status == 200
    assert visitor.get(f"/opportunities/{number}/").status == 404


@pytest.mark.parametrize(
    "to",
    [
        EVIL,
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "%2F%2Fevil.example",
    ],
)
def test_next_stays_on_this_site(ada: User, to: str) -> None:
    ada.set_password("correct horse battery")
    ada.save()
    stranger = Visitor()

    chosen = stranger.post("/language/", {"language": "fr", "next": to}, part=False)
    signed_in = stranger.post(
        "/accounts/login/", {"login": ada.email, "password": "correct horse battery", "next": to}, part=False
    )

    for answer in (chosen, signed_in):
        where = answer.headers["Location"]
        assert where.startswith("/") and not where.startswith(("//", "/\\")), where


@pytest.mark.parametrize("part", [True, False], ids=["script", "browser"])
@pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
def test_a_refusal_stays_on_this_site(deal: Opportunity, ada: User, header: str, *, part: bool) -> None:
    visitor = Visitor(ada, **{header: EVIL})
    writes: list[tuple[str, dict[str, Any]]] = [
        (f"/opportunities/{deal.pk}/do/reopen/", {}),
        (f"/opportunities/{deal.pk}/move/", {"lane": "x"}),
        ("/opportunities/do/win/", {}),
        ("/opportunities/quick/", {"name": ""}),
    ]

    for address, values in writes:
        answer = visitor.post(address, values, part=part)
        assert answer.status in (303, 409, 422), answer.status
        assert "evil.example" not in str(answer.headers) + answer.text


def test_the_host_of_a_request_enters_no_page(deal: Opportunity, ada: User) -> None:
    visitor = Visitor(ada, host="evil.example")

    for answer in crawl(
        visitor, ["/", *(screen.url for screen in screens()), f"/opportunities/{deal.pk}/"], limit=80
    ):
        assert "evil.example" not in answer.text + str(answer.headers), answer.url


def test_what_people_type_is_shown_as_text(stages: Stages, ada: User) -> None:
    mark = "<img src=x onerror=alert(1)>"
    stages.new.name = stages.new.name_en = mark
    stages.new.save()
    factories.tag(mark)
    company = factories.company(mark, notes=mark, city=mark, email=mark, website=f"javascript:{mark}")
    deal = factories.deal(
        mark, owner=ada, contact=company, description=mark, email=mark, website=f"https://{mark}"
    )
    visitor = Visitor(ada)
    visitor.post(f"/opportunities/{deal.pk}/cell/city/", {"city": mark})
    starts = [
        "/",
        asked("/opportunities/", f="", view="list"),
        f"/opportunities/{deal.pk}/",
        f"/customers/{company.pk}/",
    ]

    for answer in crawl(
        visitor, [*starts, asked("/palette/", q="img", on=f"/opportunities/{deal.pk}/")], limit=120
    ):
        assert "<img" not in answer.text or "text/html" not in answer.headers["Content-Type"], answer.url
        assert not any(url.startswith("javascript:") for url in answer.html.addresses), answer.url
