"""Text folded for comparing: no case, no accents. The database does the folding, so all agree."""

from __future__ import annotations

import unicodedata

from django.db.models import CharField, TextField, Transform

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "’": "'"})


class Fold(Transform):
    """The SQL function `fold(text)`: lower case without accents (migration core 0001)."""

    function = "fold"
    lookup_name = "fold"
    output_field = TextField()


def fold(text: str) -> str:
    """The same folding in Python, for look-ups in memory."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


CharField.register_lookup(Fold)
TextField.register_lookup(Fold)
