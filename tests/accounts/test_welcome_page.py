"""The page of the first start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from piste.accounts.models import Company, User
from piste.accounts.setup import setup_path

ASKED = {
    "company": "Atelier Breizh",
    "language": "fr",
    "country": "FR",
    "currency": "EUR",
    "name": "Anne Le Goff",
    "email": "anne@atelier.example",
    "password": "a long walk by the sea",
}


@pytest.fixture
def path(settings: Any, tmp_path: Path, db: None) -> str:
    settings.DATA_DIR = tmp_path
    path = setup_path()
    assert path is not None
    return path


def test_makes_the_administrator_and_signs_them_in(client: Client, path: str) -> None:
    response = client.post(path, ASKED)

    assert response.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    assert Company.get().name == "Atelier Breizh"


def test_is_closed_afterwards(client: Client, path: str) -> None:
    client.post(path, ASKED)

    assert Client().get(path).status_code == 404
    assert Client().post(path, ASKED | {"email": "mallory@evil.example"}).status_code == 404
    assert User.objects.count() == 1


def test_is_hidden_from_whoever_guesses(client: Client, path: str) -> None:
    assert client.get("/welcome/guessed/").status_code == 404
    assert client.post("/welcome/guessed/", ASKED).status_code == 404
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("company", ""),
        ("email", "anne"),
        ("password", "short"),
        ("password", "password123"),
        ("password", "anne@atelier"),
        ("currency", "XXX"),
        ("country", "ZZ"),
        ("language", "tlh"),
        ("name", "x" * 121),
    ],
)
def test_says_what_is_wrong(client: Client, path: str, field: str, value: str) -> None:
    response = client.post(path, ASKED | {field: value})

    assert f'id="id_{field}_error"' in response.content.decode()
    assert not User.objects.exists()


def test_proposes_the_language_of_the_browser(client: Client, path: str) -> None:
    page = client.get(path, headers={"Accept-Language": "fr"}).content.decode()

    assert '<option value="fr" selected>' in page
