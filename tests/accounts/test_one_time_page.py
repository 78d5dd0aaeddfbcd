"""Signing in once through a link of the sample company."""

from __future__ import annotations

from django.test import Client

from piste.accounts.links import sign_in_link
from piste.accounts.models import User


def test_asks_before_it_signs_in(client: Client, anna: User) -> None:
    page = client.get(sign_in_link(anna))

    assert "Sign in as Anna Kerbrat" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_signs_in_at_a_click(client: Client, anna: User) -> None:
    response = client.post(sign_in_link(anna))

    assert response.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(anna.pk)


def test_works_once(client: Client, anna: User) -> None:
    link = sign_in_link(anna)
    client.post(link)

    again = Client().post(link)

    assert again.status_code == 404
    assert "no longer works" in again.content.decode()


def test_takes_the_place_of_whoever_was_there(client: Client, anna: User, ada: User) -> None:
    client.force_login(ada)

    client.post(sign_in_link(anna))

    assert client.session["_auth_user_id"] == str(anna.pk)
