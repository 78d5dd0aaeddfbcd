"""Settings from the environment."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from piste.core import env


def test_takes_the_default_where_nothing_or_emptiness_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PISTE_A", raising=False)
    monkeypatch.setenv("PISTE_B", "  ")

    assert env.text("PISTE_A", "x") == "x"
    assert env.number("PISTE_B", 7) == 7
    assert env.flag("PISTE_B", default=True)


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "²", "70000"])
def test_refuses_a_wrong_number_with_its_name(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PISTE_PORT", value)

    with pytest.raises(env.WrongSetting, match="PISTE_PORT is"):
        env.number("PISTE_PORT", 8000, least=1, most=65535)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: env.flag("PISTE_X", default=False),
        lambda: env.choice("PISTE_X", "a", ("a", "b")),
        lambda: env.url("PISTE_X", "http://localhost"),
        lambda: env.secret("PISTE_X", Path("unused")),
    ],
)
def test_refuses_a_wrong_word_with_its_name(
    monkeypatch: pytest.MonkeyPatch, wrong: Callable[[], object]
) -> None:
    monkeypatch.setenv("PISTE_X", "maybe")

    with pytest.raises(env.WrongSetting, match="PISTE_X is"):
        wrong()


@pytest.mark.parametrize("address", ["crm.example.com", "ftp://x", "https://", "https://x:y", "https://x/y"])
def test_refuses_what_is_no_address(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("PISTE_BASE_URL", address)

    with pytest.raises(env.WrongSetting, match="PISTE_BASE_URL"):
        env.url("PISTE_BASE_URL", "http://localhost")


def test_gives_an_address_without_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PISTE_BASE_URL", "https://crm.example.com:8443/")

    assert env.url("PISTE_BASE_URL", "http://localhost") == "https://crm.example.com:8443"


def test_makes_a_secret_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret_key"

    made = env.secret("", file)

    assert len(made) >= 50
    assert env.secret("", file) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_gives_all_who_start_at_once_the_same_secret(tmp_path: Path) -> None:
    given: list[str] = []
    threads = [
        threading.Thread(target=lambda: given.append(env.secret("", tmp_path / "secret"))) for _ in range(8)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(given) == 8
    assert len(set(given)) == 1


def test_refuses_a_data_folder_that_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "var").write_text("")
    monkeypatch.setenv("PISTE_DATA_DIR", str(tmp_path / "var"))

    with pytest.raises(env.WrongSetting, match="PISTE_DATA_DIR"):
        env.data_dir()
