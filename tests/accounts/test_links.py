"""Links that let one person in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from piste.accounts.links import bearer_of, password_link, password_token, sign_in_link
from piste.accounts.models import User


def token_of(link: str) -> str:
    return link.strip("/").rpartition("/")[2]


def test_names_whom_a_link_signs_in(anna: User) -> None:
    assert bearer_of(token_of(sign_in_link(anna))) == anna


def test_is_used_up_by_a_sign_in(anna: User) -> None:
    token = token_of(sign_in_link(anna))

    anna.last_login = timezone.now()
    anna.save()

    assert bearer_of(token) is None


def test_expires_after_a_day(anna: User) -> None:
    token = token_of(sign_in_link(anna))

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert bearer_of(token) is None


def test_opens_nothing_for_the_deactivated(anna: User) -> None:
    token = token_of(sign_in_link(anna))

    User.objects.filter(pk=anna.pk).update(is_active=False)

    assert bearer_of(token) is None


@pytest.mark.parametrize("token", ["", "nonsense", "W10:1v:abc", "é" * 40])
def test_refuses_what_was_never_made(token: str, db: None) -> None:
    assert bearer_of(token) is None


def test_refuses_a_changed_token(anna: User, ada: User) -> None:
    token = token_of(sign_in_link(anna))

    assert bearer_of(token_of(sign_in_link(ada)).split(":")[0] + ":" + token.partition(":")[2]) is None


@pytest.mark.parametrize(("hours", "good"), [(1.9, True), (2.1, False)])
def test_gives_two_hours_to_whoever_has_a_password(anna: User, *, hours: float, good: bool) -> None:
    token = token_of(password_link(anna))

    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert password_token.check_token(anna, token) is good


@pytest.mark.parametrize(("hours", "good"), [(71, True), (73, False)])
def test_gives_three_days_to_the_invited(anna: User, *, hours: float, good: bool) -> None:
    anna.set_unusable_password()
    token = token_of(password_link(anna))

    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert password_token.check_token(anna, token) is good
