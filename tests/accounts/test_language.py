"""The language of somebody who is not signed in."""

from __future__ import annotations

import pytest
from django.test import Client


def test_is_remembered(client: Client) -> None:
    client.post("/language/", {"language": "fr", "next": "/accounts/login/"})

    assert '<html lang="fr"' in client.get("/accounts/login/").content.decode()


def test_is_the_browsers_at_first(client: Client) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Language": "fr-CA,fr;q=0.9"})

    assert '<html lang="fr"' in page.content.decode()


@pytest.mark.parametrize("language", ["tlh", "", "../../etc"])
def test_is_one_that_piste_speaks(client: Client, language: str) -> None:
    response = client.post("/language/", {"language": language, "next": "/accounts/login/"})

    assert response.status_code == 303
    assert not response.cookies


def test_leads_back(client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": "/accounts/login/?next=/customers/"})

    assert response.headers["Location"] == "/accounts/login/?next=/customers/"


def test_is_not_changed_by_looking(client: Client) -> None:
    assert client.get("/language/?language=fr").status_code == 405
