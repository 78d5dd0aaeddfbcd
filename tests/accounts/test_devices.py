"""A mail about sign-ins from a device that was never seen."""

from __future__ import annotations

from django.test import Client

from piste.accounts.models import Company, User

from .conftest import PASSWORD, Deliver


def enter(client: Client, person: User) -> None:
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})


def test_tells_nobody_of_their_first_sign_in(client: Client, anna: User, deliver: Deliver) -> None:
    enter(client, anna)

    assert deliver() == []


def test_tells_of_another_device(client: Client, anna: User, deliver: Deliver) -> None:
    enter(client, anna)
    enter(Client(), anna)

    (letter,) = deliver()

    assert letter.to == [anna.email]
    assert letter.subject == "Your account was used to sign in on a new device"


def test_knows_a_device_again(client: Client, anna: User, deliver: Deliver) -> None:
    for _ in range(3):
        enter(client, anna)
        client.post("/accounts/logout/")

    assert deliver() == []


def test_knows_several_people_on_one_device(client: Client, anna: User, ada: User, deliver: Deliver) -> None:
    for person in (anna, ada, anna, ada):
        enter(client, person)
        client.post("/accounts/logout/")

    assert deliver() == []


def test_believes_no_forged_cookie(client: Client, anna: User, deliver: Deliver) -> None:
    enter(Client(), anna)
    client.cookies["known"] = f"[{anna.pk}]"

    enter(client, anna)

    assert len(deliver()) == 1


def test_writes_to_nobody_of_the_sample_company(client: Client, anna: User, deliver: Deliver) -> None:
    Company.objects.update(sample=True)

    enter(client, anna)
    enter(Client(), anna)

    assert deliver() == []
