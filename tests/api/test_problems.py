"""What goes wrong is told as RFC 9457 asks, in the reader's language, and is never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings

from piste.accounts.models import User
from piste.api.problems import KINDS
from tests import factories
from tests.conftest import Stages

from .conftest import Program, Programs, problem, told


@pytest.fixture
def asking(program: Programs, max_: User, stages: Stages) -> Program:
    return program(max_)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind"),
    [
        ("GET", "/opportunities?x=1", None, 400, "bad-request"),
        ("GET", "/opportunities/999999999", None, 404, "not-found"),
        ("GET", "/opportunities/99999999999999999999999999", None, 404, "not-found"),
        ("GET", "/opportunities/-1", None, 404, "not-found"),
        ("GET", "/operations/00000000-0000-4000-8000-000000000000", None, 404, "not-found"),
        ("GET", "/operations/nonsense", None, 404, "not-found"),
        ("GET", "/", None, 404, "not-found"),
        ("GET", "/nope/at/all", None, 404, "not-found"),
        ("PUT", "/opportunities/1", {}, 405, "method-not-allowed"),
        ("POST", "/opportunities", {}, 422, "invalid"),
    ],
)
def test_has_its_kind(method: str, path: str, body: Any, status: int, kind: str, asking: Program) -> None:
    problem(asking.send(method, path, body), status, kind)


def test_names_the_methods_there_are(asking: Program) -> None:
    answer = asking.send("PUT", "/opportunities", {})

    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}


@pytest.mark.parametrize(
    "raw",
    [
        b"{", b"[1]", b'"x"', b"3", b"null", b"NaN", b'{"name": NaN}', b'{"name": Infinity}', b"\xff\xfe", b"\x00",
        b'{"name": "x"} x', b"{'name': 1}", b'{"a":' * 100_000, b"[" * 100_000, b'{"name": ' + b"9" * 5000 + b"}",
        b'{"name": 1e99999999999999999999999}', '{"name": "é"}'.encode("utf-16"), b'\xef\xbb\xbf{"name": "x"}',
    ],
)  # fmt: skip
def test_bad_json_is_a_bad_request(raw: bytes, asking: Program) -> None:
    problem(asking.send("POST", "/opportunities", raw=raw), 400, "bad-request")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense"]
)
def test_other_bodies_are_not_json(kind: str, asking: Program) -> None:
    answer = asking.send("POST", "/opportunities", raw=b'{"name": "x"}', Content_Type=kind)

    problem(answer, 415, "unsupported-media-type")


def test_no_body_is_an_empty_one(asking: Program) -> None:
    deal = factories.deal()

    told(asking.send("POST", f"/opportunities/{deal.pk}/win", raw=b"", Content_Type="text/plain"))


def test_too_large_a_body(asking: Program) -> None:
    raw = b'{"name": "' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'

    problem(asking.send("POST", "/opportunities", raw=raw), 413, "too-large")


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "This field is required."), ("fr", "Ce champ est obligatoire.")]
)
def test_speaks_the_language_asked_for(language: str, sentence: str, asking: Program) -> None:
    answer = asking.post("/opportunities", {}, Accept_Language=language)

    assert problem(answer, 422, "invalid")["errors"]["name"] == [sentence]
    assert answer.headers["Content-Language"] == language


def test_speaks_the_owners_language_else(asking: Program, max_: User) -> None:
    User.objects.filter(pk=max_.pk).update(language="fr")

    for wanted in ("", "de", "de-CH,it;q=0.4", ";;;", "*"):
        answer = asking.post("/opportunities", {}, Accept_Language=wanted)
        assert problem(answer, 422, "invalid")["errors"]["name"] == ["Ce champ est obligatoire."]


def test_a_refusal_is_translated(asking: Program, stages: Stages) -> None:
    deal = factories.deal("Site")
    told(asking.post(f"/opportunities/{deal.pk}/win"))

    french = problem(asking.post(f"/opportunities/{deal.pk}/win", Accept_Language="fr"), 409, "refused")
    english = problem(asking.post(f"/opportunities/{deal.pk}/win", Accept_Language="en"), 409, "refused")

    assert english["detail"] == "“Site” is already won."
    assert french["detail"] != english["detail"]
    assert french["title"] != english["title"]


def test_answers_are_private(asking: Program) -> None:
    answer = asking.get("/opportunities")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Authorization" in answer.headers["Vary"]


def test_a_mistake_of_ours_tells_a_code_and_no_stack(
    asking: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: Any, **_named: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("piste.api.listing.count_up_to", broken)

    answer = asking.get("/opportunities")

    found = problem(answer, 500, "failed")
    assert len(found["code"]) == 8
    assert "secret" not in json.dumps(found)
    assert found["code"] in [getattr(record, "code", "") for record in caplog.records]


def test_kinds_have_names_of_their_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
