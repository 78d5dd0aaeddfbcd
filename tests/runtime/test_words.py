"""The guard over the catalogues of words."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

from tests.runtime.conftest import ROOT


@pytest.fixture
def words() -> ModuleType:
    spec = importlib.util.spec_from_file_location("words", ROOT / "scripts" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_complains_of_each_word_that_is_not_in_order(words: ModuleType) -> None:
    template, french = Catalog(), Catalog(locale="fr")
    for text in ("Won", "Lost", "Open", "Deal"):
        template.add(text)
    template.add(("%(count)s deal", "%(count)s deals"))
    french.add("Won", "Gagné")
    french.add("Lost", "")
    french.add("Open", "Ouvert", flags=("fuzzy",))
    french.add("Old", "Vieux")
    french.add(("%(count)s deal", "%(count)s deals"), ("%(count)s affaire", "%(number)s affaires"))

    complaints = list(words.complaints(french, template))

    assert [complaint.partition(" (")[0] for complaint in complaints[:3]] == [
        "untranslated: “Lost”",
        "fuzzy: “Open”",
        "missing: “Deal”",
    ]
    assert len(complaints) == 5
    assert "placeholder" in complaints[3]
    assert complaints[4].startswith("no longer used: “Old”")


def test_finds_words_in_python_and_in_templates(words: ModuleType) -> None:
    places = {Path(message.locations[0][0]).suffix for message in words.words() if message.id}

    assert places >= {".py", ".html"}
