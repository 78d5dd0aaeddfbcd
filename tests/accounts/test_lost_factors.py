"""A colleague has lost the phone: an administrator, and nobody else, takes the second factors away."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from piste.accounts.models import User
from piste.core.models import Operation

from .conftest import PASSWORD, Deliver
from .test_second_factor import SECRET, enter, is_in

SignIn = Callable[[User], Client]
SURE = {"sure": "on"}


@pytest.fixture
def guarded(anna: User) -> User:
    TOTP.activate(anna, SECRET)
    RecoveryCodes.activate(anna)
    return anna


def address(person: User) -> str:
    return f"/users/{person.pk}/do/take-away-factors/"


def test_lets_the_colleague_in_by_password_alone(signed_in: SignIn, ada: User, guarded: User) -> None:
    answer = signed_in(ada).post(address(guarded), SURE)
    door = Client()
    enter(door, guarded)

    assert answer.status_code == 303
    assert not Authenticator.objects.filter(user=guarded).exists()
    assert is_in(door)


def test_leaves_the_factors_of_others(signed_in: SignIn, ada: User, max_: User, guarded: User) -> None:
    TOTP.activate(max_, SECRET)

    signed_in(ada).post(address(guarded), SURE)

    assert Authenticator.objects.filter(user=max_).exists()


def test_ends_every_session_of_the_colleague_alone(ada: User, max_: User, guarded: User) -> None:
    phone, administrator, other = Client(), Client(), Client()
    phone.force_login(guarded)
    administrator.force_login(ada)
    other.force_login(max_)

    administrator.post(address(guarded), SURE)

    assert phone.get("/profile/").status_code == 302
    assert administrator.get("/profile/").status_code == other.get("/profile/").status_code == 200


def test_asks_for_a_word_of_confirmation(signed_in: SignIn, ada: User, guarded: User) -> None:
    browser = signed_in(ada)

    assert "really them who ask" in browser.get(address(guarded)).content.decode()
    assert browser.post(address(guarded), {}).status_code == 422
    assert Authenticator.objects.filter(user=guarded).count() == 2


def test_tells_the_colleague_by_mail(signed_in: SignIn, ada: User, guarded: User, deliver: Deliver) -> None:
    signed_in(ada).post(address(guarded), SURE)

    (letter,) = deliver()
    assert letter.to == [guarded.email]
    assert "Ada Riou has taken away" in letter.body
    assert "https://crm.example.com/profile/" in letter.body


def test_is_recorded_and_never_brought_back(signed_in: SignIn, ada: User, guarded: User) -> None:
    browser = signed_in(ada)
    browser.post(address(guarded), SURE)
    done = Operation.objects.get(command="user.take-away-factors")

    browser.post(f"/operations/{done.pk}/undo/")

    assert (done.by, done.about["pk"]) == (ada, guarded.pk)
    assert (
        "took away second factors"
        in browser.get("/operations/", headers={"HX-Request": "true"}).content.decode()
    )
    assert not Authenticator.objects.filter(user=guarded).exists()


def test_is_offered_only_where_there_is_something_to_take(
    signed_in: SignIn, ada: User, max_: User, guarded: User
) -> None:
    browser = signed_in(ada)

    assert "Take away second factors" in browser.get(f"/users/{guarded.pk}/").content.decode()
    assert "Take away second factors" not in browser.get(f"/users/{max_.pk}/").content.decode()
    refused = browser.post(address(max_), SURE)
    assert refused.status_code == 422 and "not in a state that allows this" in refused.content.decode()


def test_refuses_ones_own(signed_in: SignIn, ada: User) -> None:
    """Whoever finds an open session must not switch off what protects the account."""
    TOTP.activate(ada, SECRET)

    refused = signed_in(ada).post(address(ada), SURE)

    assert refused.status_code == 422 and "in your profile" in refused.content.decode()
    assert Authenticator.objects.filter(user=ada).exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_is_no_business_of_others(signed_in: SignIn, max_: User, guarded: User, method: str) -> None:
    for person in (max_, guarded):
        answer = getattr(signed_in(person), method)(address(guarded), SURE)
        assert answer.status_code == 403

    assert "Take away second factors" not in signed_in(max_).get(f"/users/{guarded.pk}/").content.decode()
    assert Authenticator.objects.filter(user=guarded).count() == 2


def test_is_asked_of_nobody_who_is_not_signed_in(guarded: User) -> None:
    assert Client().post(address(guarded), SURE).status_code == 302
    assert Authenticator.objects.filter(user=guarded).count() == 2


def test_looks_alike_for_nobody(signed_in: SignIn, ada: User) -> None:
    assert signed_in(ada).post("/users/999999/do/take-away-factors/", SURE).status_code == 404


def test_is_not_among_what_programs_may_do(guarded: User, ada: User) -> None:
    browser = Client()
    browser.force_login(ada)

    answer = browser.post(
        f"/api/v1/users/{guarded.pk}/take-away-factors", SURE, content_type="application/json"
    )

    assert answer.status_code in (404, 405)
    assert Authenticator.objects.filter(user=guarded).count() == 2


def test_leaves_the_password(signed_in: SignIn, ada: User, guarded: User) -> None:
    signed_in(ada).post(address(guarded), SURE)

    guarded.refresh_from_db()
    assert guarded.check_password(PASSWORD)


def test_offers_no_way_back(signed_in: SignIn, ada: User, guarded: User) -> None:
    answer = signed_in(ada).post(address(guarded), SURE, headers={"HX-Request": "true"})

    assert json.loads(answer.headers["HX-Trigger"])["toast"]["undo"] == ""
