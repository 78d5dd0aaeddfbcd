"""What people set for themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from piste.accounts.models import User
from piste.core.models import Operation

SignIn = Callable[[User], Client]
ASKED = {
    "name": "Anna Kerbrat",
    "language": "fr",
    "time_zone": "Europe/London",
    "theme": "dark",
    "density": "compact",
    "celebrations": "on",
}


def test_keeps_what_was_chosen(signed_in: SignIn, anna: User) -> None:
    response = signed_in(anna).post("/profile/", ASKED)

    anna.refresh_from_db()
    assert response.status_code == 303
    assert (anna.language, anna.time_zone, anna.theme, anna.density) == (
        "fr",
        "Europe/London",
        "dark",
        "compact",
    )
    assert (anna.shortcuts, anna.celebrations) == (False, True)


def test_can_be_undone(signed_in: SignIn, anna: User) -> None:
    response = signed_in(anna).post("/profile/", ASKED)

    assert response.headers["X-Undo"] == str(Operation.objects.get(command="profile.change").pk)


def test_shows_the_page_in_the_new_language(signed_in: SignIn, anna: User) -> None:
    browser = signed_in(anna)

    browser.post("/profile/", ASKED)

    assert (
        '<html lang="fr" data-theme="dark" data-density="compact"'
        in browser.get("/profile/").content.decode()
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("language", "tlh"),
        ("theme", "pink"),
        ("name", ""),
        ("density", "huge"),
    ],
)
def test_says_what_is_wrong(signed_in: SignIn, anna: User, field: str, value: str) -> None:
    response = signed_in(anna).post("/profile/", ASKED | {field: value})

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not Operation.objects.exists()


@pytest.mark.parametrize("field", ["role", "email", "is_active", "is_system"])
def test_leaves_alone_what_is_not_ones_own(signed_in: SignIn, anna: User, field: str) -> None:
    before = getattr(anna, field)

    signed_in(anna).post("/profile/", ASKED | {field: "administrator"})

    anna.refresh_from_db()
    assert getattr(anna, field) == before


def test_shows_how_one_signs_in(signed_in: SignIn, anna: User) -> None:
    page = signed_in(anna).get("/profile/sign-in/").content.decode()

    assert 'href="/accounts/password/change/"' in page
    assert 'href="/accounts/2fa/app/on/"' in page
    assert 'href="/accounts/2fa/passkeys/add/"' in page


def test_has_a_place_for_sections_of_packages_above(
    signed_in: SignIn, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from piste.accounts import profile

    sections: dict[str, Any] = {}
    monkeypatch.setattr(profile, "_sections", sections)
    profile.add_section(profile.Section("keys", "Keys", "accounts/tabbed.html", lambda request: {}))

    page = signed_in(anna).get("/profile/keys/")

    assert '<a href="/profile/keys/" aria-current="page">Keys</a>' in page.content.decode()


def test_knows_no_other_sections(signed_in: SignIn, anna: User) -> None:
    assert signed_in(anna).get("/profile/nonsense/").status_code == 404
