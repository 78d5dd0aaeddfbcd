"""Each screen speaks French, has its place in the program, and is written about."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from piste.accounts.models import User
from piste.ui.screen import Screen, screens
from piste.ui.testing import Visitor
from piste.ui.testing.wording import spoken
from tests.conftest import Stages

ROOT = Path(__file__).resolve().parent.parent
SCREENS = list(screens())

each_screen = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.slug)


@pytest.fixture(scope="module")
def french() -> Catalog:
    with (ROOT / "piste" / "locale" / "fr" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale="fr")


def same_in_both(french: Catalog) -> set[str]:
    """Words that a translator has found to be the same in French, such as “Source”."""
    pairs = ((message.id, message.string) for message in french if message.id)
    return {str(word).casefold() for word, translated in pairs if word == translated}


@each_screen
def test_says_every_word_in_french(stages: Stages, ada: User, french: Catalog, screen: Screen) -> None:
    pairs = zip(spoken(screen, "en", ada), spoken(screen, "fr", ada), strict=True)
    known = same_in_both(french) | {"français", "english", "siren", "siret"}

    untranslated = {english for english, in_french in pairs if english == in_french} - {""}

    assert {word for word in untranslated if word.casefold() not in known} == set()


@each_screen
@pytest.mark.usefixtures("leads_on")
def test_is_reached_from_the_menu_or_the_settings(stages: Stages, ada: User, screen: Screen) -> None:
    visitor = Visitor(ada)
    links = visitor.get("/opportunities/").html.links("/") | visitor.get("/settings/").html.links("/")

    assert screen.url in links


@each_screen
def test_is_written_about(screen: Screen) -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md"))

    assert screen.label_plural.casefold() in written.casefold()
