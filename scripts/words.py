"""Keeps the catalogues of translated words: brings them up to date, checks and compiles them."""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "piste" / "locale"
LANGUAGES = ("fr",)
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Lines of the header that would change with every run.
RESTLESS = re.compile(
    rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Generated-By):.*\n', re.MULTILINE
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument(
        "--update", action="store_true", help="write new words into the catalogues, drop old ones"
    )
    way.add_argument(
        "--check", action="store_true", help="fail when a word is missing, doubtful or left over"
    )
    way.add_argument(
        "--compile", nargs="*", type=Path, metavar="PO", help="write .mo files; all without a name"
    )
    asked = parser.parse_args()
    if asked.update:
        return update()
    if asked.check:
        return check()
    return compile_all(asked.compile or [catalogue(language) for language in LANGUAGES])


def catalogue(language: str) -> Path:
    """Name the file of a language."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(file: Path, language: str | None = None) -> Catalog:
    with file.open("rb") as po:
        return read_po(po, locale=language)


def words() -> Catalog:
    """Gather the words of the program and its templates."""
    with (ROOT / "scripts" / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    found = extract_from_dir(
        ROOT / "piste", methods, options, KEYWORDS, ["Translators:"], strip_comment_tags=True
    )
    template = Catalog(project="Piste", charset="utf-8")
    for file, _line, message, comments, context in found:
        place = [(f"piste/{file}", 0)]
        template.add(message, locations=place, auto_comments=comments, context=context)
    return template


def update() -> int:
    template = words()
    for language in LANGUAGES:
        file = catalogue(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        catalog = read(file, language) if file.exists() else Catalog(locale=language, fuzzy=False)
        catalog.header_comment = f"# Piste in the language “{language}”. `make fix` brings it up to date."
        # A guess at a similar word is more often wrong than right, and is not seen as a gap.
        catalog.update(template, no_fuzzy_matching=True)
        written = io.BytesIO()
        write_po(written, catalog, width=110, ignore_obsolete=True, include_lineno=False, sort_output=True)
        file.write_bytes(RESTLESS.sub(b"", written.getvalue()))
        gaps = sum(1 for message in catalog if message.id and not is_translated(message))
        print(f"{file.relative_to(ROOT)}: {len(catalog)} words, {gaps} without translation")
    return 0


def check() -> int:
    template = words()
    wrong = 0
    for language in LANGUAGES:
        file = catalogue(language)
        if not file.exists():
            print(f"{file.relative_to(ROOT)} is missing: say `make fix`.")
            return 1
        for complaint in complaints(read(file, language), template):
            print(f"{file.relative_to(ROOT)}: {complaint}")
            wrong += 1
    if wrong:
        print(f"{wrong} words are not in order. `make fix` adds and removes them; translating is up to you.")
    return 1 if wrong else 0


def complaints(catalog: Catalog, template: Catalog) -> Iterator[str]:
    """Say what a catalogue lacks, and what is wrong in it."""
    for message in template:
        if not message.id:
            continue
        theirs = catalog.get(message.id, message.context)
        if theirs is None:
            yield f"missing: {named(message)}"
        elif theirs.fuzzy:
            yield f"fuzzy: {named(message)}"
        elif not is_translated(theirs):
            yield f"untranslated: {named(message)}"
        else:
            yield from (f"{error}: {named(message)}" for error in theirs.check(catalog))
    for message in catalog:
        if message.id and template.get(message.id, message.context) is None:
            yield f"no longer used: {named(message)}"
    yield from (f"no longer used: {named(message)}" for message in catalog.obsolete.values())


def is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(strings) and all(strings)


def named(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
    place = message.locations[0][0] if message.locations else "the catalogue"
    return f"“{text}” ({place})"


def compile_all(files: list[Path]) -> int:
    for file in files:
        with file.with_suffix(".mo").open("wb") as mo:
            write_mo(mo, read(file))
    return 0


if __name__ == "__main__":
    sys.exit(main())
