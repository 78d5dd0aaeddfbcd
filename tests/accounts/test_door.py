"""What a page gets whose session has ended."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from piste.accounts.models import User
from piste.accounts.tasks import forget_old_sessions

PAGE = "https://crm.example.com/opportunities/?view=list&q=lorient"


def test_leads_a_browser_to_sign_in(client: Client) -> None:
    assert client.get("/profile/").headers["Location"] == "/accounts/login/?next=/profile/"


@pytest.mark.parametrize("header", ["HX-Current-URL", "Referer"])
def test_leads_the_whole_page_there_and_back(client: Client, header: str) -> None:
    response = client.get("/opportunities/heads/", headers={"HX-Request": "true", header: PAGE})

    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == (
        "/accounts/login/?next=%2Fopportunities%2F%3Fview%3Dlist%26q%3Dlorient"
    )
    assert json.loads(response.headers["HX-Trigger"])["toast"]["kind"] == "error"


def test_leads_home_when_the_page_is_unknown(client: Client) -> None:
    response = client.post("/profile/", headers={"HX-Request": "true"})

    assert response.headers["HX-Redirect"] == "/accounts/login/?next=%2F"


def test_follows_nobody_elsewhere(client: Client, anna: User) -> None:
    from .conftest import PASSWORD

    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example//evil.example/"}
    door = client.get("/opportunities/", headers=headers).headers["HX-Redirect"]

    response = client.post(door, {"login": anna.email, "password": PASSWORD})

    assert response.headers["Location"] == "/"


def test_forgets_sessions_that_are_over(client: Client, anna: User) -> None:
    client.force_login(anna)
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))

    forget_old_sessions(0)

    assert [row.session_key for row in Session.objects.all()] == [client.session.session_key]
