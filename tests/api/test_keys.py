"""Keys open the API for programs, and nothing else; people signed in may look around."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from piste.accounts.models import User
from piste.accounts.roles import Role
from piste.api.keys import MARK, create_key
from piste.api.models import ApiKey
from tests import factories
from tests.conftest import Stages

from .conftest import Programs, problem, told


def test_keeps_a_digest_and_the_beginning(anna: User) -> None:
    secret = create_key(user=anna, scope="read", name="Zapier")

    key = ApiKey.objects.get()
    assert secret.startswith(MARK)
    assert len(secret) == len(MARK) + 43
    assert key.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret.startswith(key.prefix)
    assert secret not in str(ApiKey.objects.values().get())


def test_makes_another_each_time(anna: User) -> None:
    assert len({create_key(user=anna, scope="read") for _each in range(20)}) == 20


def test_takes_only_the_scopes_there_are(anna: User) -> None:
    with pytest.raises(Exception, match="admin"):
        create_key(user=anna, scope="admin")

    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer nonsense", "Bearer piste_x", "Basic YTpi", "x"]
)
def test_wrong_keys_open_nothing(header: str, program: Programs, anna: User) -> None:
    answer = program(anna).get("/opportunities", Authorization=header)

    problem(answer, 401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_in_the_address_opens_nothing(program: Programs, anna: User) -> None:
    asking = program(anna)

    for name in ("key", "api_key", "token", "access_token"):
        problem(asking.get(f"/opportunities?{name}={asking.key}", Authorization=""), 401, "unauthorized")


def test_unknown_addresses_tell_a_stranger_nothing(program: Programs, anna: User) -> None:
    for path in ("/nope", "/opportunities/1", "/opportunities/1/explode", "/openapi.json"):
        problem(program(anna).get(path, Authorization=""), 401, "unauthorized")


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_reading_keys_write_nothing(method: str, program: Programs, anna: User, stages: Stages) -> None:
    deal = factories.deal(owner=anna)
    reading = program(anna, scope="read")
    path = "/opportunities" if method == "POST" else f"/opportunities/{deal.pk}"

    told(reading.get("/opportunities"))
    found = problem(reading.send(method, path, {"name": "x"}), 403, "forbidden")

    assert found["detail"] == "This key may only read."
    problem(reading.post(f"/opportunities/{deal.pk}/win"), 403, "forbidden")


def test_withdrawn_keys_stop_at_once(program: Programs, anna: User) -> None:
    asking = program(anna)
    told(asking.get("/opportunities"))

    ApiKey.objects.update(revoked_at=timezone.now())

    problem(asking.get("/opportunities"), 401, "unauthorized")


def test_keys_expire(program: Programs, anna: User) -> None:
    asking = program(anna)
    asking.key = create_key(user=anna, scope="read", days=30)

    with time_machine.travel(timezone.now() + timedelta(days=29)):
        told(asking.get("/opportunities"))
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        problem(asking.get("/opportunities"), 401, "unauthorized")


def test_all_keys_expire_some_day(anna: User) -> None:
    create_key(user=anna, scope="read")

    assert ApiKey.objects.get().expires_at < timezone.now() + timedelta(days=366)


def test_keys_of_deactivated_people_stop_at_once(program: Programs, anna: User) -> None:
    asking = program(anna)
    told(asking.get("/opportunities"))

    User.objects.filter(pk=anna.pk).update(is_active=False)

    problem(asking.get("/opportunities"), 401, "unauthorized")


def test_keys_follow_the_present_role(program: Programs, anna: User) -> None:
    asking = program(anna)
    User.objects.filter(pk=anna.pk).update(role=Role.MANAGER)

    told(asking.post("/sources", {"name": "Salon"}), 201)

    User.objects.filter(pk=anna.pk).update(role="")
    problem(asking.get("/sources"), 403, "forbidden")


def test_remembers_the_last_use_to_the_minute(program: Programs, anna: User) -> None:
    asking, start = program(anna), timezone.now()

    for seconds, remembered in ((1, 1), (30, 1), (90, 90)):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            told(asking.get("/opportunities"))
        last = ApiKey.objects.get().last_used_at
        assert last is not None
        assert round((last - start).total_seconds()) == remembered


def test_a_key_is_no_session(program: Programs, anna: User) -> None:
    asking = program(anna)
    told(asking.get("/opportunities"))

    page = asking.client.get("/opportunities/", headers={"Authorization": f"Bearer {asking.key}"})

    assert page.status_code == 302
    assert not asking.client.cookies


def test_people_signed_in_may_look_around(client: Client, anna: User) -> None:
    client.force_login(anna)

    assert told(client.get("/api/v1/opportunities"))["count"] == 0
    assert client.get("/api/v1/docs").status_code == 200


def test_a_wrong_key_beats_a_session(client: Client, anna: User) -> None:
    client.force_login(anna)

    problem(client.get("/api/v1/opportunities", headers={"Authorization": "Bearer x"}), 401, "unauthorized")


def test_the_pages_need_their_token_to_write(anna: User, stages: Stages) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(anna)
    asked: Any = {"data": {"name": "Site vitrine"}, "content_type": "application/json"}

    problem(browser.post("/api/v1/opportunities", **asked), 403, "forbidden")

    browser.get("/api/v1/docs")
    token = browser.cookies["csrf"].value
    told(browser.post("/api/v1/opportunities", headers={"X-CSRFToken": token}, **asked), 201)


def test_a_key_needs_no_token(anna: User, stages: Stages) -> None:
    browser = Client(enforce_csrf_checks=True)
    key = create_key(user=anna, scope="write")

    answer = browser.post(
        "/api/v1/opportunities",
        {"name": "Site vitrine"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )

    told(answer, 201)
