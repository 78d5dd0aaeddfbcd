"""The refusal of a value."""

from __future__ import annotations

from django.core.exceptions import ValidationError


class BadValue(ValidationError):
    """The text is no such value. The message is a sentence for the user; forms show it as it is."""

    @property
    def sentence(self) -> str:
        return str(self.messages[0])
