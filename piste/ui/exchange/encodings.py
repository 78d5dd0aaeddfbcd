"""Which encoding a text file is written in."""

from __future__ import annotations

import codecs
import re
import unicodedata

from piste.ui.exchange.cells import BROKEN

#: What a person may choose when the guess is wrong.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp850": "DOS (850)",
    "iso8859-15": "ISO 8859-15",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
}

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SINGLE_BYTE = ("cp1252", "mac_roman", "cp850")
_SAMPLE = 200_000
_HIGH = re.compile(rb"[\x80-\xff]")
_USUAL = frozenset("àâäæçèéêëîïñôöœùûüßáíóúãõåøÀÂÇÈÉÊËÎÔŒÙÛÄÖÜ«»€’‘“”–—…°№\u00a0·•§©®²³½")

#: Name of the error handler that marks broken bytes instead of stopping.
MARK = "piste.mark"


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return BROKEN, error.end


codecs.register_error(MARK, _mark)


def guess(content: bytes) -> str:
    """The most likely encoding. Bytes that do not fit it spoil their row only."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    wide = _without_mark(content)
    if wide:
        return wide
    if _mostly_utf8(content):
        return "utf-8"
    sample = _high_part(content)
    scores = {encoding: _likelihood(sample.decode(encoding, MARK)) for encoding in _SINGLE_BYTE}
    best = max(scores, key=scores.__getitem__)
    # Bytes that make no word anywhere are damage, not another encoding.
    return best if scores[best] > 0 else "utf-8"


def _without_mark(content: bytes) -> str | None:
    """UTF-16 without a mark shows by the zero byte beside each ASCII character."""
    sample = content[:2_000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) < 4 or max(even, odd) < len(sample) // 5:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _mostly_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", MARK)
        high, broken = len(text) - len(text.encode("ascii", "ignore")), text.count(BROKEN)
        return high - broken >= broken
    return True


def _high_part(content: bytes) -> bytes:
    """The part of the file around and after its first accent."""
    first = _HIGH.search(content)
    start = max(first.start() - 100, 0) if first else 0
    return content[start : start + _SAMPLE]


def _likelihood(text: str) -> int:
    """How much the text looks like Western European words."""
    score = 0
    for before, char in zip(" " + text, text, strict=False):
        if char <= "\x7f":
            continue
        score += 3 if char in _USUAL else -3
        if before.islower() and (char.isupper() or not char.isalpha()):
            score -= 2  # An accent read wrongly turns into a capital or a sign inside a word.
        if unicodedata.category(char) == "So" or char == BROKEN:
            score -= 3
    return score
