"""What is written for people names what exists, in the words of the screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from piste.accounts.roles import Role
from piste.ui.screen import Action, Screen, screens

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "use"
PAGES = sorted(GUIDE.glob("*.md"))
TOPICS = sorted(page.stem for page in PAGES if "." not in page.stem)

#: Names of products, and of what is written on buttons together with another word.
NAMES = {"odoo", "pipedrive", "hubspot"}
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+\.md)\)")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (ROOT / "piste" / "locale" / "fr" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale="fr")


def texts(either: str | list[str] | tuple[str, ...]) -> Iterator[str]:
    yield from (either,) if isinstance(either, str) else either


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .:…").casefold()


def said_in_bold(page: Path) -> set[str]:
    """The words a page gives as standing on a screen; `›` and `→` lead from one to the next."""
    found = BOLD.findall(page.read_text(encoding="utf-8"))
    return {plain(word) for bold in found for word in re.split("[›→]", bold)} - NAMES


@each_page
def test_speaks_the_words_of_the_screens(catalogue: Catalog, page: Path) -> None:
    french = page.stem.endswith(".fr")
    messages = [message for message in catalogue if message.id]
    known = {
        plain(text)
        for message in messages
        for text in texts(message.string if french else message.id)
        if text
    }

    assert said_in_bold(page) - known == set()


@each_page
def test_leads_to_pages_that_exist(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_is_there_in_both_languages_and_in_the_contents(topic: str) -> None:
    english, french = (GUIDE / f"{topic}{suffix}.md" for suffix in ("", ".fr"))
    contents, sommaire = ((GUIDE / f"index{suffix}.md").read_text() for suffix in ("", ".fr"))

    assert french.exists()
    assert english.read_text().count("\n## ") == french.read_text().count("\n## ")
    if topic != "index":
        assert f"({english.name})" in contents and f"({french.name})" in sommaire


def actions() -> list[tuple[Screen, Action]]:
    return [(screen, action) for screen in screens() for action in screen.actions]


@pytest.mark.parametrize(
    "action",
    [action for _screen, action in actions()],
    ids=[f"{screen.slug}-{action.name}" for screen, action in actions()],
)
def test_tells_of_every_action(action: Action) -> None:
    written = set().union(*(said_in_bold(page) for page in PAGES if not page.stem.endswith(".fr")))

    assert plain(str(action.label)) in written


@pytest.mark.parametrize("role", Role)
def test_tells_of_every_role(role: Role) -> None:
    assert f"**{role.label}**" in (GUIDE / "administration.md").read_text()


def test_tells_of_every_mode() -> None:
    written = (GUIDE / "pipeline.md").read_text()

    assert {str(mode.label) for screen in screens() for mode in screen.modes} <= said_words(written)


def said_words(text: str) -> set[str]:
    return set(BOLD.findall(text))
