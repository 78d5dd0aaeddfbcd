"""Commands before anybody has opened a page: whoever comes first founds the company, the sample has a way out."""

from __future__ import annotations

import pytest

from tests.runtime.conftest import Program

pytestmark = pytest.mark.slow

ANNA = ("user", "create", "--email", "anna@example.com", "--name", "Anna", "--role", "administrator")
PASSWORD = "Snow on the piste\n"


def test_founds_the_company_with_its_team_and_lists_before_its_first_person(piste: Program) -> None:
    made = piste(*ANNA, "--team", "Ventes", "--password-stdin", said=PASSWORD)
    key = piste("apikey", "create", "--user", "anna@example.com", "--scope", "write")

    assert made.returncode == 0, made.stderr
    assert key.returncode == 0, key.stderr


def test_founds_nothing_when_the_person_cannot_be_made(piste: Program) -> None:
    weak = piste(*ANNA, "--password-stdin", said="password\n")
    loaded = piste("demo")

    assert weak.returncode == 2
    assert loaded.returncode == 0, loaded.stderr


def test_takes_the_sample_company_away_again(piste: Program) -> None:
    missing = piste("demo", "--remove")
    piste("demo")
    removed = piste("demo", "--remove")
    again = piste("demo")

    assert (missing.returncode, missing.stderr) == (2, "piste: There is no sample company here.\n")
    assert (removed.returncode, removed.stdout) == (0, "The sample company is gone.\n")
    assert again.returncode == 0, again.stderr
