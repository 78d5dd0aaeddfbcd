"""DATABASE_URL, in all the ways people write it."""

from __future__ import annotations

import pytest

from piste.core import database, env


def test_reads_every_part() -> None:
    place = database.settings_for_django(
        "postgres://ann%40x:p%3Ass@db.example.com:6432/sales?sslmode=require"
    )

    assert (place["USER"], place["PASSWORD"]) == ("ann@x", "p:ss")
    assert (place["HOST"], place["PORT"], place["NAME"]) == ("db.example.com", "6432", "sales")
    assert place["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///crm?host=/run/My%20PG",
        "postgresql://%2Frun%2FMy%20PG/crm",
        "postgresql:///crm?host=/run/My PG",
    ],
)
def test_reads_the_folder_of_a_socket(url: str) -> None:
    place = database.settings_for_django(url)

    assert (place["HOST"], place["NAME"]) == ("/run/My PG", "crm")


def test_reads_an_address_of_ip_version_6() -> None:
    assert database.settings_for_django("postgresql://[::1]:5433/crm")["HOST"] == "::1"


def test_keeps_connections_and_tries_them_before_use() -> None:
    place = database.settings_for_django("postgresql://h/crm")

    assert place["CONN_MAX_AGE"] is None
    assert place["CONN_HEALTH_CHECKS"]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@h/x",
        "crm",
        "postgresql://u:secret@h",
        "postgresql://u:secret@h:port/x",
        "postgresql://h/a/b",
    ],
)
def test_refuses_another_address_without_showing_the_password(url: str) -> None:
    with pytest.raises(env.WrongSetting) as refused:
        database.settings_for_django(url)

    assert "DATABASE_URL" in str(refused.value)
    assert "secret" not in str(refused.value)
